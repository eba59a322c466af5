// SPDX-License-Identifier: MIT
export { watchDataLayer } from './layer';
export { readCommerce, watchOrder } from './shop';
