"use strict";
(() => {
  const form = document.getElementById("filter");
  let rules = [];
  const sections = [...document.querySelectorAll("details.verdict")];
  const wereOpen = new Map(sections.map((section) => [section, section.open]));
  const names = ["text", "verdict", "level", "profile", "operation"];

  // What is behind folds. Its text was escaped when it was made, and no script in it would run.

  const packs = new Map();

  function unpack(name) {
    if (!packs.has(name)) {
      const word = document.querySelector(`script[data-pack="${CSS.escape(name)}"]`).textContent;
      const bytes = Uint8Array.from(atob(word), (character) => character.charCodeAt(0));
      const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
      packs.set(name, new Response(stream).json());
    }
    return packs.get(name);
  }

  function cannot(error) {
    return `This browser cannot unpack it (${error}); report.json has it.`;
  }

  function details(pack, check) {
    const names = pack[`wire ${check}`];
    if (names === undefined) return "<p class=short>For this page not to be too large, exchanges and scripts of this check are in report.json alone.</p>";
    return repetition(pack, check) + wire(pack, names);
  }

  function repetition(pack, check) {
    const start = document.getElementById("start")?.innerHTML;
    const scripts = ["aws", "curl", "boto3"].map((name) => pack[`${name} ${check}`]);
    return `<h4>Repeat it</h4>${start ? `<p class="short">First: ${start}</p>` : ""}
      <div class="scripts">${scripts.join("")}</div>`;
  }

  function wire(pack, names) {
    if (!names) return "<h4>On the wire</h4><p class=short>Nothing was sent.</p>";
    let start = 1;
    const groups = names.split("|").map((group, at) => {
      const exchanges = group.split(" ").filter(Boolean);
      const list = `<ol start="${start}">${exchanges.map((name) => pack[name]).join("")}</ol>`;
      start += exchanges.length;
      if (at % 2 || exchanges.length < 2) return list;
      return `<details><summary>${exchanges.length} exchanges</summary>${list}</details>`;
    });
    return `<h4>On the wire</h4><div class="exchanges">${groups.join("")}</div>`;
  }

  // The first mark of a long body, which scrolls by itself.
  function bringIntoView(mark) {
    const body = mark.closest("pre");
    if (body.scrollTop === 0) body.scrollTop = mark.offsetTop - body.offsetTop - body.clientHeight / 2;
  }

  async function fill(place) {
    place.classList.remove("late");
    const { check } = place.dataset;
    try {
      const pack = await unpack(place.closest("[data-profile]").dataset.profile);
      place.innerHTML = check === undefined ? pack[`rule ${place.closest(".rule").id}`]
        : details(pack, check);
      place.querySelectorAll("mark").forEach(bringIntoView);
      await fillIn(place.closest("details"));
    } catch (error) {
      place.textContent = cannot(error);
    }
  }

  async function fillIn(fold) {
    const late = [...fold.querySelectorAll(".late")];
    await Promise.all(late.filter((place) => place.parentElement.closest("details") === fold
      || place.parentElement.closest("details").open).map(fill));
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.closest(".rule")) fillIn(event.target);
  }, true);

  // Filters. Their state is the address's fragment: verdict=fail&profile=ecr.tags

  function state() {
    return new URLSearchParams(names.map((name) => [name, form.elements[name].value])
      .filter(([, value]) => value));
  }

  function words(rule) {
    rule.words ??= rule.textContent.toLowerCase();
    return rule.words;
  }

  function fits(rule, wanted) {
    const { level, operations } = rule.dataset;
    return (!wanted.profile || rule.parentElement.dataset.profile === wanted.profile)
      && (!wanted.verdict || rule.classList.contains(wanted.verdict))
      && (!wanted.level || level === wanted.level)
      && (!wanted.number || operations.split(" ").includes(wanted.number))
      && wanted.text.every((word) => words(rule).includes(word));
  }

  function show() {
    const field = (name) => form.elements[name].value;
    const wanted = {
      verdict: field("verdict"), level: field("level"), profile: field("profile"),
      number: form.elements.operation.selectedOptions[0].dataset.number,
      text: field("text").toLowerCase().split(/\s+/).filter(Boolean),
    };
    let count = 0;
    for (const rule of rules) {
      rule.hidden = !fits(rule, wanted);
      count += !rule.hidden;
    }
    for (const group of [...document.querySelectorAll("section.profile"), ...sections]) {
      if (!group.querySelector(".rule")) continue; // it could not be unpacked, and says so
      const size = group.querySelectorAll(".rule:not([hidden])").length;
      group.hidden = size === 0;
      group.querySelector(".size").textContent = size;
    }
    const filtered = state().size > 0;
    for (const section of sections) {
      section.open = filtered || wereOpen.get(section);
    }
    document.getElementById("none").hidden = count > 0;
    document.getElementById("count").value = filtered ? `${count} of ${rules.length} rules`
      : `${rules.length} rules`;
  }

  function choose(wanted) {
    for (const name of names) {
      const field = form.elements[name];
      field.value = wanted.get(name) ?? "";
      if (field.selectedIndex === -1) field.value = ""; // no such verdict or operation here
    }
  }

  function remember() {
    history.replaceState(null, "", `#${state()}`);
    show();
  }

  function recall() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const [name] = wanted.keys();
    const place = name && document.getElementById(name);
    if (place?.classList.contains("rule")) {
      visit(place);
    } else if (!place) {
      choose(wanted);
      show();
      if (wanted.size) document.getElementById("rules").scrollIntoView();
    }
  }

  function visit(rule) {
    choose(new URLSearchParams());
    show();
    rule.closest("details.verdict").open = true;
    rule.open = true;
    rule.scrollIntoView();
    rule.querySelector("summary").focus({ preventScroll: true });
  }

  form.addEventListener("input", remember);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    choose(new URLSearchParams());
    remember();
  });
  addEventListener("hashchange", recall);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input, select, textarea")) {
      event.preventDefault();
      form.elements.text.focus();
    }
  });

  // Copying, also where the browser keeps the clipboard from a page that was not sent securely.

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  async function copy(button) {
    const source = button.parentElement.querySelector("code");
    const fold = button.parentElement.querySelector("details");
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      if (fold) fold.open = true;
      select(source);
      button.textContent = document.execCommand("copy") ? "Copied" : "Selected";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.copy");
    if (button) {
      event.preventDefault();
      copy(button);
    }
  });

  async function start() {
    const places = [...document.querySelectorAll(".rows")];
    try {
      const pack = await unpack("rows");
      for (const place of places) place.innerHTML = pack[place.parentElement.dataset.verdict];
    } catch (error) {
      for (const place of places) place.textContent = cannot(error);
    }
    rules = [...document.querySelectorAll(".rule")];
    recall();
  }

  start();
})();
