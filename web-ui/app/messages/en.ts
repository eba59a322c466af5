// SPDX-License-Identifier: GPL-3.0-or-later
// English: the language all others are checked against.
import campaigns from './en/campaigns';
import charts from './en/charts';
import collisions from './en/collisions';
import common from './en/common';
import currencies from './en/currencies';
import decide from './en/decide';
import editor from './en/editor';
import editorParts from './en/editorParts';
import goal from './en/goal';
import incoming from './en/incoming';
import insight from './en/insight';
import install from './en/install';
import people from './en/people';
import planner from './en/planner';
import quality from './en/quality';
import resources from './en/resources';
import results from './en/results';
import say from './en/say';
import signIn from './en/signIn';
import visitors from './en/visitors';

export default {
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
} as const;
