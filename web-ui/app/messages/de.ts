// SPDX-License-Identifier: GPL-3.0-or-later
import type { Messages } from '../lib/i18n';
import campaigns from './de/campaigns';
import common from './de/common';
import editor from './de/editor';
import editorParts from './de/editorParts';
import people from './de/people';
import planner from './de/planner';
import resources from './de/resources';
import results from './de/results';
import signIn from './de/signIn';
import visitors from './de/visitors';

const german: Messages = { ...common, ...signIn, ...campaigns, ...editor, ...editorParts, ...people, ...planner, ...resources, ...results, ...visitors };
export default german;
