/**
 * @fileoverview Functions that the compiler inlines, removes, renames and warns of.
 */

/** @const */ var app = {};

/** @param {number} width @param {number} height @constructor */
app.Rectangle = function(width, height) {
  /** @private {number} */ this.width_ = width;
  /** @private {number} */ this.height_ = height;
};

/** @return {number} */
app.Rectangle.prototype.area = function() { return this.width_ * this.height_; };

function neverCalled(unused) { return unused + 1; }

const twice = (x) => x * 2;
class Shape { constructor(name) { this.name = name; } describe() { return `shape ${this.name}`; } }
class Circle extends Shape { constructor(r) { super('circle'); this.r = r; } get size() { return this.r ** 2; } }

let total = 0;
for (const side of [1, 2, 3]) { total += twice(new app.Rectangle(side, side + 1).area()); }
if (false) { console.log('dead'); }
const {a, ...rest} = {a: 1, b: 2, c: 3};
console.log(total, new Circle(4).describe(), a, rest?.b ?? 'none', 60 * 60 * 24, 'con' + 'stant');
async function later() { await null; return [...'spread']; }
later().then((value) => console.log(value));
/** @type {number} */ var wrong = 'text';
