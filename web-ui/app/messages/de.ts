// SPDX-License-Identifier: GPL-3.0-or-later
import campaigns from './de/campaigns';
import charts from './de/charts';
import collisions from './de/collisions';
import common from './de/common';
import currencies from './de/currencies';
import decide from './de/decide';
import editor from './de/editor';
import editorParts from './de/editorParts';
import goal from './de/goal';
import incoming from './de/incoming';
import insight from './de/insight';
import install from './de/install';
import people from './de/people';
import planner from './de/planner';
import quality from './de/quality';
import resources from './de/resources';
import results from './de/results';
import say from './de/say';
import signIn from './de/signIn';
import visitors from './de/visitors';
import type { Messages } from './message';

const german: Messages = {
    ...common,
    ...signIn,
    ...campaigns,
    ...charts,
    ...collisions,
    ...decide,
    ...editor,
    ...editorParts,
    ...currencies,
    ...goal,
    ...incoming,
    ...insight,
    ...install,
    ...people,
    ...planner,
    ...quality,
    ...resources,
    ...results,
    ...say,
    ...visitors,
};
export default german;
