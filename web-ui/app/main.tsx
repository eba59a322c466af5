// SPDX-License-Identifier: GPL-3.0-or-later
import { render } from 'preact';
import { App } from './App';
import { startLanguage } from './lib/i18n';
import { startSentences } from './lib/sentences';
import { startTheme } from './lib/theme';
import './styles/index.css';

startTheme();
void startLanguage()
    .then(startSentences)
    .then(() => render(<App />, document.getElementById('app') as HTMLElement));
