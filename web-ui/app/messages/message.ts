// SPDX-License-Identifier: GPL-3.0-or-later
// What each language has: the keys of the English messages, each with a text or one for each number.
import type { Sentence } from '../../generated/sentences';
import type english from './en';

export type Message = string | { one: string; other: string };
export type MessageKey = keyof typeof english;
/* What the server says, in a language that is not its own. */
export type Sentences = Record<Sentence, string>;
export type Messages = Record<MessageKey, Message>;
