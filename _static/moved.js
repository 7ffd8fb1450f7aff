// Follows an anchor that has left this page: see _ext/promise.py.
"use strict";
document.querySelector(`.moved > [id="${CSS.escape(decodeURIComponent(location.hash.slice(1)))}"] > a`)?.click();
