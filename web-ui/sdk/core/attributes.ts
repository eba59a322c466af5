// SPDX-License-Identifier: MIT
// What a page tells of its visitor by itself, for audiences. Where a visit came from stays known
// until it ends.

import type { Store } from './store';
import type { Attributes } from './types';

const UTM = ['source', 'medium', 'campaign', 'term', 'content'];

function device(): string {
    const agent = navigator.userAgent;
    if (/iPad|Tablet|Android(?!.*Mobile)/i.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1))
        return 'tablet';
    return /Mobi/.test(agent) ? 'mobile' : 'desktop';
}

function origin(session: Store): Attributes {
    const kept = session.get<Attributes>('o');
    const query = new URLSearchParams(location.search);
    const found: Attributes = {};
    UTM.forEach((name) => {
        const value = query.get('utm_' + name);
        if (value) found['utm_' + name] = value;
    });
    if (kept && !Object.keys(found).length) return kept;
    const { referrer } = document;
    if (referrer && !referrer.startsWith(location.origin)) found.referrer = referrer;
    session.set('o', found);
    return found;
}

export const pageAttributes = (session: Store): Attributes => ({
    ...origin(session),
    url: location.href,
    host: location.host,
    path: location.pathname,
    device: device(),
    language: navigator.language,
    viewport_width: innerWidth,
    viewport_height: innerHeight,
});
