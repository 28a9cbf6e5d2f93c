'use strict';
// Emitters that are not Node's: patched when the library that brings them is loaded.

function install() {
}

module.exports = { install };
