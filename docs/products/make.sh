#!/bin/sh
# Judges emulators and writes docs/products/matrix.html, which shows them side by side.
#
#   sh docs/products/make.sh [FOLDER]
#
# Run it from the top of this repository. FOLDER keeps environments and reports (a temporary one).
# Every emulator gets an environment of its own, and the tool one without any emulator: an emulator
# beside the tool would be taken before the one on the PATH.
set -eu

emulators="moto[server]==5.2.3 moto[server]==5.2.4 moto[server]==5.2.5 ministack==1.5.33"
folder=${1:-$(mktemp -d)}

environment() { # environment FOLDER REQUIREMENT...: make it, unless it is there
    made=$1
    shift
    if [ ! -e "$made/bin/pip" ]; then
        python3 -m venv "$made"
        "$made/bin/pip" install --quiet "$@"
    fi
}

environment "$folder/tool" --editable .
set --
for requirement in $emulators; do
    product=${requirement%%[[=]*}
    name=$product-${requirement##*=}
    environment "$folder/$name" "$requirement"
    PATH="$folder/$name/bin:$PATH" "$folder/tool/bin/ecr-conformance" \
        certify "$product" --seed 1 --exit-zero --output "$folder/reports/$name" >"$folder/$name.txt"
    set -- "$@" "$folder/reports/$name"
done
"$folder/tool/bin/ecr-conformance" matrix "$@" --html docs/products/matrix.html
