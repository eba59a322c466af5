// SPDX-License-Identifier: GPL-3.0-or-later
// What german_sentences.test.mjs asks of the pages' code, as one module.
export { startLanguage } from '../../../web-ui/app/lib/i18n';
export { said, startSentences } from '../../../web-ui/app/lib/sentences';
