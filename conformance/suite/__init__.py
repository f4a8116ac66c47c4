"""The suite: rules, the scenarios that decide them, and what these stand on."""
