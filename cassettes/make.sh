#!/bin/sh
# Makes the recordings that come with the tool anew, from what is installed: the reference, moto and
# MiniStack, each by the rules about layers, tags, policies and authorization. A selection, because a
# recording by all rules has 70 MB; those that take a thousand tags are left out of it.
#
#     sh cassettes/make.sh
set -eu
cd "$(dirname "$0")"

version='import json, sys; print(json.load(open(sys.argv[1]))["origin"]["version"])'
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for product in reference moto ministack; do
    ecr-conformance record "$product" --cassettes "$scratch/$product" --output "$scratch/report" \
        --exit-zero --quiet --profile layers --profile tags --profile policies \
        --profile authorization -k "not thousand-listed"
    rm -rf "$product"
    mkdir "$product"
    mv "$scratch/$product" "$product/$(python3 -c "$version" "$scratch/$product/recording.json")"
done
