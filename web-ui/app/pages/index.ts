// SPDX-License-Identifier: GPL-3.0-or-later
// All pages: path, loader, and where they stand in the navigation. A page's code comes when it is opened.
import type { ComponentType } from 'preact';
import type { MessageKey } from '../lib/i18n';
import type { Role } from '../lib/session';

export type PageProps = { params: Record<string, string> };
type Loader = () => Promise<{ default: ComponentType<PageProps> }>;

export interface PageEntry {
    pattern: string;
    load: Loader;
}

export interface NavigationEntry {
    to: string;
    label: MessageKey;
    group: MessageKey;
    role: Role;
}

const campaigns: Loader = () => import('./campaigns/Campaigns');
const campaign: Loader = () => import('./campaigns/CampaignPage');

export const pages: PageEntry[] = [
    { pattern: '/', load: campaigns },
    { pattern: '/app/campaigns', load: campaigns },
    { pattern: '/app/campaigns/:key', load: campaign },
    { pattern: '/app/campaigns/:key/:view', load: campaign },
];

export const navigation: NavigationEntry[] = [
    { to: '/app/campaigns', label: 'nav.campaigns', group: 'nav.group.work', role: 'viewer' },
];
