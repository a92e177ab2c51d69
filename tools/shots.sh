#!/bin/sh
# shots: pictures of the main pages for the docs, from a fresh demo; made small.
set -eu
mkdir -p docs/shots
exec node e2e/shots.js docs/shots
