// SPDX-License-Identifier: MIT
export { bucketOf, nameOf, ownerOf } from './bucket';
export { matches } from './condition';
export { evaluate, type Config } from './evaluate';
