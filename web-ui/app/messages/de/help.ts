// SPDX-License-Identifier: GPL-3.0-or-later
export { default as pages } from './help/pages';
export { default as words } from './help/words';
