#!/bin/sh
# shots: pictures of the main pages into docs/shots/, as each role sees them on a desktop and a phone.
set -eu
DIEMCAU_PICTURES=docs/shots node e2e/look_journey.js
