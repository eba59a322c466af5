// SPDX-License-Identifier: GPL-3.0-or-later
// All pages: path, loader, and where they stand in the navigation. A page's code comes when it is opened.
import type { ComponentType } from 'preact';
import type { MessageKey } from '../lib/i18n';
import { matchPath, type PageProps } from '../lib/router';
import type { Role } from '../lib/session';
import type { HelpKey } from '../messages/help';

type Loader = () => Promise<{ default: ComponentType<PageProps> }>;

export interface PageEntry {
    pattern: string;
    help: HelpKey[]; // where there is a view, the one of its name
    load: Loader;
}

export interface NavigationEntry {
    to: string;
    label: MessageKey;
    group: MessageKey;
    role: Role;
    isMarked?: boolean; // when events did not count that nobody has looked at
}

const campaigns: Loader = () => import('./campaigns/Campaigns');
const newCampaign: Loader = () => import('./editor/NewCampaign');
const campaign: Loader = () => import('./campaigns/CampaignPage');

export const pages: PageEntry[] = [
    { pattern: '/', help: ['campaigns'], load: campaigns },
    { pattern: '/app/campaigns', help: ['campaigns'], load: campaigns },
    { pattern: '/app/campaigns/new', help: ['newCampaign'], load: newCampaign },
    { pattern: '/app/campaigns/:key', help: ['results', 'setup'], load: campaign },
    { pattern: '/app/campaigns/:key/:view', help: ['results', 'setup'], load: campaign },
    { pattern: '/app/planner', help: ['planner'], load: () => import('./planner/Planner') },
    { pattern: '/app/visitors', help: ['visitors'], load: () => import('./visitors/Visitors') },
    { pattern: '/app/visitors/:id', help: ['visitors'], load: () => import('./visitors/Visitors') },
    { pattern: '/app/install', help: ['install'], load: () => import('./install/Install') },
    { pattern: '/app/metrics', help: ['metrics'], load: () => import('./resources/Metrics') },
    { pattern: '/app/dimensions', help: ['dimensions'], load: () => import('./resources/Dimensions') },
    { pattern: '/app/flags', help: ['flags'], load: () => import('./resources/Flags') },
    { pattern: '/app/layers', help: ['layers'], load: () => import('./resources/Layers') },
    { pattern: '/app/environments', help: ['environments'], load: () => import('./resources/Environments') },
    { pattern: '/app/currencies', help: ['currencies'], load: () => import('./currencies/Currencies') },
    { pattern: '/app/keys', help: ['keys'], load: () => import('./resources/Keys') },
    { pattern: '/app/users', help: ['users'], load: () => import('./users/Users') },
    { pattern: '/app/account', help: ['account'], load: () => import('./account/Account') },
    { pattern: '/app/welcome', help: ['welcome'], load: () => import('./account/Welcome') },
    { pattern: '/app/audit', help: ['audit'], load: () => import('./resources/Audit') },
    { pattern: '/app/live', help: ['live'], load: () => import('./live/Live') },
    { pattern: '/app/data-quality', help: ['quality'], load: () => import('./quality/DataQuality') },
    { pattern: '/app/rejected-events', help: ['rejected'], load: () => import('./resources/RejectedEvents') },
    { pattern: '/app/imports', help: ['imports'], load: () => import('./resources/Imports') },
    { pattern: '/app/jobs', help: ['jobs'], load: () => import('./resources/Jobs') },
];

export const navigation: NavigationEntry[] = [
    { to: '/app/campaigns', label: 'nav.campaigns', group: 'nav.group.work', role: 'viewer' },
    { to: '/app/planner', label: 'nav.planner', group: 'nav.group.work', role: 'viewer' },
    { to: '/app/visitors', label: 'nav.visitors', group: 'nav.group.work', role: 'viewer' },
    { to: '/app/live', label: 'nav.live', group: 'nav.group.work', role: 'viewer' },
    { to: '/app/install', label: 'nav.install', group: 'nav.group.setup', role: 'viewer' },
    { to: '/app/metrics', label: 'nav.metrics', group: 'nav.group.setup', role: 'viewer' },
    { to: '/app/dimensions', label: 'nav.dimensions', group: 'nav.group.setup', role: 'viewer' },
    { to: '/app/flags', label: 'nav.flags', group: 'nav.group.setup', role: 'viewer' },
    { to: '/app/layers', label: 'nav.layers', group: 'nav.group.setup', role: 'viewer' },
    { to: '/app/environments', label: 'nav.environments', group: 'nav.group.setup', role: 'viewer' },
    { to: '/app/currencies', label: 'nav.currencies', group: 'nav.group.setup', role: 'viewer' },
    { to: '/app/keys', label: 'nav.keys', group: 'nav.group.system', role: 'admin' },
    { to: '/app/users', label: 'nav.users', group: 'nav.group.system', role: 'admin' },
    { to: '/app/audit', label: 'nav.audit', group: 'nav.group.system', role: 'viewer' },
    { to: '/app/data-quality', label: 'nav.quality', group: 'nav.group.system', role: 'viewer', isMarked: true },
    { to: '/app/rejected-events', label: 'nav.rejected', group: 'nav.group.system', role: 'viewer' },
    { to: '/app/imports', label: 'nav.imports', group: 'nav.group.system', role: 'viewer' },
    { to: '/app/jobs', label: 'nav.jobs', group: 'nav.group.system', role: 'viewer' },
];

/* What help there is to the page at this path. */
export function helpTopics(path: string): HelpKey[] {
    for (const { pattern, help } of pages) {
        const params = matchPath(pattern, path);
        if (params) return params['view'] ? help.filter((topic) => topic === params['view']) : help;
    }
    return [];
}
