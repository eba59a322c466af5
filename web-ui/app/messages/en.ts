// SPDX-License-Identifier: GPL-3.0-or-later
// English: the language all others are checked against.
import campaigns from './en/campaigns';
import collisions from './en/collisions';
import common from './en/common';
import decide from './en/decide';
import editor from './en/editor';
import editorParts from './en/editorParts';
import goal from './en/goal';
import incoming from './en/incoming';
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
    ...collisions,
    ...decide,
    ...editor,
    ...editorParts,
    ...goal,
    ...incoming,
    ...install,
    ...people,
    ...planner,
    ...quality,
    ...resources,
    ...results,
    ...say,
    ...visitors,
} as const;
