// SPDX-License-Identifier: GPL-3.0-or-later
// What help there is: a text for each page, and the words that pages use, each a term with its meaning.
import type pages from './en/help/pages';
import type words from './en/help/words';

export type HelpKey = keyof typeof pages;
export type Word = keyof typeof words;
export type HelpPages = Record<HelpKey, string>;
export type HelpWords = Record<Word, readonly [term: string, meaning: string]>;
