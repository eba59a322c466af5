// SPDX-License-Identifier: GPL-3.0-or-later
import type { Messages } from '../lib/i18n';
import campaigns from './de/campaigns';
import common from './de/common';
import resources from './de/resources';
import results from './de/results';
import signIn from './de/signIn';

const german: Messages = { ...common, ...signIn, ...campaigns, ...results, ...resources };
export default german;
