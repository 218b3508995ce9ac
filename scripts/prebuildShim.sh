#!/bin/sh
# prebuildify calls this as if it were node-gyp: rebuild --target=… --devdir=… --arch=… --release
exec node "$(dirname "$0")/../dist/scripts/prebuild.js" "$@"
