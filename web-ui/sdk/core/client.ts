// SPDX-License-Identifier: MIT
// The client: who is here, what he gets, what is done to the page, what is reported.

import { device, pageAttributes } from './attributes';
import { watchAddress, watchDataLayer, watchSelectors } from './auto';
import { createConsent } from './consent';
import { ask, askedOf, findKept, keep, url, type Forced } from './decide';
import { closeGate, findGate, hasOpened } from './gate';
import { loadModule } from './module';
import type { LoadWidget, Widget } from './patch';
import { findPreview, type PreviewModule } from './preview';
import { createQueue, type Queue } from './queue';
import { createRun, type Run } from './run';
import { createStore } from './store';
import { listen, own, tried, uuid7 } from './tool';
import { createOccasions } from './trigger';
import type { Attributes, Decision, Options, Reply, Touched, Value } from './types';
import { findVisitor, forgetVisitor } from './visitor';

export interface Client {
    /** Settled when the first decision is there, or the page goes on without. */
    readonly ready: Promise<void>;
    visitorId(): string | null;
    /** A flag's value; asking for it is what exposes the visitor to campaigns that set it. */
    flag<T extends Value>(key: string, otherwise: T): T;
    /** The visitor's variant of a campaign, or null; asking exposes him to it. */
    variant(campaign: string): string | null;
    decisions(): Decision[];
    track(name: string, properties?: Attributes): void;
    identify(userId: string, traits?: Attributes): void;
    /** More about the visitor, for audiences. */
    setAttributes(attributes: Attributes): void;
    /** Called after each change of the decisions; returns what ends it. */
    subscribe(fn: () => void): () => void;
    consent(isGiven: boolean): void;
    /** For good, in this browser; optOut(false) takes it back. */
    optOut(isOut?: boolean): void;
    /** Sends what waits, at once. */
    flush(): void;
    /** Takes every change back and stops listening; what is kept in the browser stays. */
    stop(): void;
}

const EXPOSURES_KEPT = 300;
const TIMEOUT_MS = 300;

interface User {
    id: string;
    traits: Attributes;
}

export function createClient(given: Options): Client {
    const options: Options = { ...given, edge: given.edge.replace(/\/$/, '') };
    const consent = createConsent(options);
    const local = createStore('localStorage', consent.isGiven);
    const session = createStore('sessionStorage', consent.isGiven);
    const occasions = createOccasions();
    const listeners = new Set<() => void>();
    const asked = new Set<string>();
    const preview = findPreview();
    const timeout = options.timeout === undefined ? TIMEOUT_MS : options.timeout;
    let more: Attributes = { ...options.attributes };
    let visitor: string | null = null;
    let queue: Queue | null = null;
    let reply: Reply | null = null;
    let runs: Run[] = [];
    let ends: (() => void)[] = [];
    let isReady = false;
    let question = 0;
    let gate = findGate();
    let setReady: () => void;
    const ready = new Promise<void>((resolve) => (setReady = resolve));

    function finish(): void {
        isReady = true;
        gate.open();
        setReady();
    }

    function attributes(): Attributes {
        const user = local.get<User>('u');
        return { ...pageAttributes(session), ...(user && { ...user.traits, user_id: user.id }), ...more };
    }

    function send(key: string, name: string, properties: Attributes, id?: string): void {
        if (!queue || !visitor || preview) return;
        queue.add(key, { event_id: id, visitor_id: visitor, name, ts: new Date().toISOString(), properties });
    }

    function track(name: string, properties: Attributes = {}): void {
        if (!queue) return;
        const id = uuid7();
        send(id, String(name).slice(0, 64), tried(() => JSON.parse(JSON.stringify(properties)), {}), id);
        occasions.fire('event:' + name);
    }

    function expose(decision: Decision, isLate: boolean): void {
        const { campaign, phase, variant } = decision;
        const id = `${visitor}/${campaign}/${phase}/${variant}`;
        const sent = local.get<string[]>('x') || [];
        if (preview || decision.reason === 'panic' || sent.includes(id)) return;
        local.set('x', [...sent, id].slice(-EXPOSURES_KEPT));
        const { language, utm_source, utm_medium, utm_campaign } = pageAttributes(session);
        send('x:' + id, 'exposure', {
            campaign, phase, variant, device: device(), language, utm_source, utm_medium, utm_campaign,
            path: location.pathname, timed_out: isLate || undefined,
        });
    }

    const loadWidget: LoadWidget = (type, fn) => {
        loadModule<{ [type: string]: Widget }>(options, 'widgets').then((widgets) => fn(widgets[type]!), () => {});
    };

    const touchedBy = ({ campaign }: Decision): Touched =>
        own(reply!.page.campaigns, campaign) ? reply!.page.campaigns[campaign]! : { flags: [] };

    function runOf(decision: Decision, isLate: boolean): Run {
        const touched = touchedBy(decision);
        const wasAsked = asked.has('=' + decision.campaign) || touched.flags.some((flag) => asked.has(flag));
        const change = { nonce: options.nonce || '', allowsHtml: reply!.page.allows_html };
        const run = createRun(decision, isLate || (wasAsked && !isReady), {
            touched, change, occasions, loadWidget, expose,
        });
        if (wasAsked) run.ask();
        return run;
    }

    /* 'isLate': what is new has come too late for this page; a new phase waits for the next one. */
    function use(next: Reply, isLate: boolean): void {
        const isSame = (a: Decision, b: Decision): boolean =>
            a.campaign === b.campaign && a.variant === b.variant && (isLate || a.phase === b.phase);
        const served = next.decisions.filter((decision) => decision.variant);
        const before = runs;
        reply = next;
        before.filter((run) => !served.some((d) => isSame(d, run.decision))).forEach((run) => run.leave());
        runs = served.map((d) => before.find((run) => isSame(d, run.decision)) || runOf(d, isLate));
        runs.forEach((run) => run.enter());
        listeners.forEach((fn) => fn());
    }

    /* Only the answer to the latest question counts. */
    function request(isLate: () => boolean, forced?: Forced): Promise<void> {
        const mine = ++question;
        const about = attributes();
        return ask(options, visitor!, about, forced).then((next) => {
            if (mine !== question) return;
            if (!forced) keep(options, local, next, about);
            use(next, isLate());
        });
    }

    /* Asks again when what audiences ask about is no longer the same. */
    function renew(): void {
        if (!reply || !visitor || preview || askedOf(reply, attributes()) === askedOf(reply, lastAsked)) return;
        lastAsked = attributes();
        const begun = performance.now();
        request(() => performance.now() - begun > timeout).catch(() => {});
    }
    let lastAsked: Attributes = {};

    function decide(): void {
        lastAsked = attributes();
        isReady = false;
        const kept = findKept(options, local, visitor!, lastAsked);
        if (kept) {
            use(kept, false);
            finish();
            request(() => true).catch(() => {});
            return;
        }
        let isOver = false;
        const end = (): void => {
            isOver = true;
            finish();
        };
        gate = findGate();
        if (options.gate !== false && document.readyState === 'loading' && !(window as any).mete_gate) gate = closeGate();
        setTimeout(end, Math.max(0, timeout - (performance.now() - gate.at)));
        request(() => isOver || hasOpened()).then(end, end);
    }

    function pageView(): void {
        if (options.pageViews === false) return;
        const { title, referrer } = document;
        track('page_view', { url: location.href, path: location.pathname, title, referrer: referrer || undefined });
    }

    function watchPage(): void {
        const look = (): void => {
            runs.forEach((run) => run.look());
            observer.takeRecords();
        };
        const observer = new MutationObserver(look);
        const attributeFilter = ['class', 'id'];
        observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter });
        const layer = options.dataLayer === undefined ? 'dataLayer' : options.dataLayer;
        ends = [
            () => observer.disconnect(),
            listen(document, 'DOMContentLoaded', look),
            watchAddress(() => {
                runs.forEach((run) => run.enter());
                renew();
                setTimeout(pageView);
            }),
            watchSelectors(() => (reply ? reply.page.tracking : []), track),
        ];
        if (layer) ends.push(watchDataLayer(layer, track, (event) => occasions.fire('data_layer:' + event)));
        if (document.readyState !== 'loading') pageView();
        else ends.push(listen(document, 'DOMContentLoaded', pageView));
    }

    function start(): void {
        if (visitor || !consent.isGiven()) return finish();
        visitor = findVisitor(options, local);
        queue = createQueue(url(options, 'events?'), local);
        queue.flush();
        watchPage();
        if (!preview) return decide();
        const again = (forced: Forced): Promise<void> => request(() => false, forced);
        loadModule<PreviewModule>(options, 'qa')
            .then((qa) => qa.open({ options, preview, again, attributes, visitor: visitor!, runs: () => runs }))
            .then(finish, finish);
    }

    function stop(): void {
        question++;
        runs.forEach((run) => run.leave());
        ends.forEach((end) => end());
        if (queue) queue.stop();
        runs = [];
        ends = [];
        queue = visitor = reply = null;
        finish();
    }

    function forget(): void {
        stop();
        forgetVisitor(options, local);
        [local, session].forEach((store) => store.names('').forEach(store.remove));
    }

    const client: Client = {
        ready,
        visitorId: () => visitor,
        flag(key, otherwise) {
            asked.add(key);
            runs.forEach((run) => touchedBy(run.decision).flags.includes(key) && run.ask());
            return reply && own(reply.flags, key) ? (reply.flags[key] as typeof otherwise) : otherwise;
        },
        variant(campaign) {
            asked.add('=' + campaign);
            const run = runs.find((r) => r.decision.campaign === campaign);
            if (run) run.ask();
            return run ? run.decision.variant : null;
        },
        decisions: () => (reply ? reply.decisions : []),
        track,
        identify(id, traits = {}) {
            local.set('u', { id, traits });
            track('identify', { user_id: id, traits: traits as Value });
            renew();
        },
        setAttributes(attributes) {
            more = { ...more, ...attributes };
            renew();
        },
        subscribe(fn) {
            listeners.add(fn);
            return () => listeners.delete(fn);
        },
        consent(isGiven) {
            consent.give(isGiven);
            if (isGiven) start();
            else forget();
        },
        optOut(isOut = true) {
            consent.optOut(isOut);
            if (isOut) forget();
            else start();
        },
        flush: () => queue && queue.flush(),
        stop,
    };
    start();
    return client;
}
