// SPDX-License-Identifier: MIT
export { readCommerce, watchShop } from './shop';
