// SPDX-License-Identifier: MIT
// The client: who is here, what it gets, what is done to the page, what is reported.

import { scrubAll } from './address';
import { pageAttributes } from './attributes';
import { watchAddress, watchDataLayer } from './auto';
import { COMMERCE, isOdd, readValue, take } from './commerce';
import { isRare, type ChangeContext } from './change';
import { createConsent } from './consent';
import { ask, askedOf, findKept, keep, url } from './decide';
import { closeGate, findGate, hasOpened } from './gate';
import { loadModule, type LoadLate } from './module';
import type { LoadWidget, Widget } from './patch';
import { findPreview, type PreviewModule } from './preview';
import { createQueue, type Queue } from './queue';
import { createRun, type Run } from './run';
import { createSay } from './say';
import { createStore } from './store';
import { listen, own, plainOf, tried, trusted, uuid7 } from './tool';
import { createOccasions } from './trigger';
import type { Attributes, Client, Decision, Options, Reply, Touched, Tracking, Value } from './types';
import { findVisitor, forgetVisitor, isId, noteVisit, type Known } from './visitor';

const EXPOSURES_KEPT = 300;
const TIMEOUT_MS = 300;

interface User {
    id: string;
    traits: Attributes;
}

export type { Client };

export function createClient(given: Options): Client {
    const options: Options = { ...given, edge: given.edge.replace(/\/$/, '') };
    const { dataLayer: layer = 'dataLayer', timeout = TIMEOUT_MS } = options;
    const consent = createConsent(options);
    const local = createStore('localStorage', consent.isGiven);
    const session = createStore('sessionStorage', consent.isGiven);
    const load =
        (name: string) =>
        (fn: (part: any) => void, end = (): void => {}): unknown =>
            loadModule(options, name).then(fn).then(end, end);
    const late: LoadLate = load('late');
    const shop: (fn: (part: typeof import('../shop/index')) => void, end?: () => void) => void = load('shop');
    const occasions = createOccasions(late);
    const listeners = new Set<() => void>();
    const asked = new Set<string>();
    let preview = findPreview();
    const say = createSay(load('say'));
    let more: Attributes = { ...options.attributes };
    let visitor: string | null = null;
    let queue: Queue | null = null;
    let reply: Reply | null = null;
    let runs: Run[] = [];
    const owners = new WeakMap<Element, Run>();
    let ends: (() => void)[] = [];
    let watched = ends;
    let isReady = false;
    let question = 0;
    let rare: ChangeContext['rare'];
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
        return {
            ...pageAttributes(session),
            ...tried(() => local.get<Known>('v')!.told),
            ...(user && { ...user.traits, user_id: user.id }),
            ...more,
        };
    }

    function send(key: string, name: string, properties: Attributes, id?: string): void {
        if (!queue || !visitor || preview) return;
        const event = { event_id: id, visitor_id: visitor, name, ts: new Date().toISOString(), properties };
        say(0, 'event', event);
        queue.add(key, event);
    }

    function track(name: string, properties: Attributes = {}): void {
        if (!queue) return;
        const id = uuid7();
        const text = String(name).slice(0, 64);
        const plain = plainOf(properties);
        const sent = { ...(typeof plain === 'object' && plain) };
        const go = (): void => send(id, text, sent, id);
        if (COMMERCE.includes(text) && isOdd(sent)) {
            /* A page that goes before the part has come sends what can be read without. */
            const readable = { ...sent, value: readValue(sent.value), items: undefined };
            const end = listen(window, 'pagehide', () => send(id, text, readable, id), true);
            shop(
                (part) => part.readCommerce(text, sent, say),
                () => (end(), go()),
            );
        } else go();
        watchShop(text, sent);
        occasions.fire('event:' + text);
    }

    function expose(decision: Decision, isLate: boolean): void {
        const { campaign, phase, variant } = decision;
        const id = `${visitor}/${campaign}/${phase}/${variant}`;
        const sent = ([] as string[]).concat(local.get<string[]>('x') || []);
        const isSent = sent.includes(id);
        say(0, 'exposure', decision, preview, isSent);
        if (preview || decision.reason === 'panic' || isSent) return;
        local.set('x', [...sent, id].slice(-EXPOSURES_KEPT));
        const { device, path, language, utm_source, utm_medium, utm_campaign } = pageAttributes(session);
        send(
            'x:' + id,
            'exposure',
            scrubAll({
                campaign,
                phase,
                variant,
                device,
                language,
                utm_source,
                utm_medium,
                utm_campaign,
                path,
                timed_out: isLate || undefined,
            }),
        );
    }

    const loadWidget: LoadWidget = (type, fn) => {
        load('widgets')((widgets: { [type: string]: Widget }) => fn(widgets[type]!));
    };

    const touchedBy = ({ campaign }: Decision): Touched =>
        own(reply!.page.campaigns, campaign) ? reply!.page.campaigns[campaign]! : { flags: [] };

    /* A flag has the value of the first campaign that sets it: those behind it are not what is seen. */
    function isShown(flag: string, { campaign }: Decision): boolean {
        const first = reply!.decisions.find((d) => d.campaign === campaign || own(d.flags, flag));
        return first!.campaign === campaign;
    }

    function runOf(decision: Decision, isLate: boolean): Run {
        const touched = touchedBy(decision);
        const wasAsked =
            asked.has('=' + decision.campaign) ||
            touched.flags.some((flag) => asked.has(flag) && isShown(flag, decision));
        const change = { nonce: options.nonce || '', allowsHtml: reply!.page.allows_html, trusted, rare };
        const run: Run = createRun(decision, isLate || (wasAsked && !isReady), {
            touched,
            change,
            occasions,
            loadWidget,
            expose,
            isFree,
            claim: (element) => isFree(element) && !!owners.set(element, run),
        });
        function isFree(element: Element): boolean {
            const other = owners.get(element);
            return !other || !other.isOn() || runs.indexOf(other) >= runs.indexOf(run);
        }
        if (wasAsked) run.ask();
        return run;
    }

    const each = (fn: (run: Run) => void): void => runs.forEach((run) => tried(() => fn(run)));

    /* 'isLate': what is new has come too late for this page; a new phase waits for the next one. */
    function use(next: Reply, isLate: boolean): void {
        const isSame = (a: Decision, b: Decision): boolean =>
            a.campaign === b.campaign && a.variant === b.variant && (isLate || a.phase === b.phase);
        const served = next.decisions.filter((decision) => decision.variant);
        const before = runs;
        say(0, 'decisions', next, () => runs);
        reply = next;
        before.filter((run) => !served.some((d) => isSame(d, run.decision))).forEach((run) => run.leave());
        runs = served.map((d) => before.find((run) => isSame(d, run.decision)) || runOf(d, isLate));
        each((run) => run.enter());
        listeners.forEach((fn) => tried(fn));
        watchSelectors();
    }

    /* Until the client stops: 'ends' is another list then. */
    function watchSelectors(): void {
        const mine = ends;
        const rows = (): Tracking[] => (reply ? reply.page.tracking : []);
        if (watched === mine || !rows().length) return;
        watched = mine;
        late((part) => ends === mine && mine.push(part.watchSelectors(rows, track)));
    }

    /* What decisions want to be done can be done when they are used. */
    const prepare = (next: Reply): Promise<Reply> =>
        new Promise((resolve) => {
            const end = (): void => resolve(next);
            if (rare || !isRare(next)) end();
            else late((part) => void (rare = part.kinds), end);
        });

    /* Only the answer to the latest question counts. */
    function request(isLate: () => boolean): Promise<void> {
        const mine = ++question;
        const about = attributes();
        return ask(options, visitor!, about)
            .then(prepare)
            .then(
                (next) => {
                    if (mine !== question) return;
                    keep(options, local, next, about);
                    use(next, isLate());
                },
                (why) => {
                    say(/^4(?!29)/.test(why), 'undecided', why);
                    throw why;
                },
            );
    }

    /* Asks again when what audiences ask about is no longer the same. */
    function renew(): void {
        if (!reply || !visitor || preview || askedOf(reply, attributes()) === askedOf(reply, lastAsked)) return;
        lastAsked = attributes();
        const begun = performance.now();
        request(() => performance.now() - begun > +timeout).catch(() => {});
    }
    let lastAsked: Attributes = {};

    function decide(): void {
        lastAsked = attributes();
        isReady = false;
        const isKept = tried(() => {
            const kept = findKept(options, local, visitor!, lastAsked);
            const isUsable = kept && (rare || !isRare(kept));
            if (isUsable) use(kept!, false);
            return isUsable;
        });
        if (isKept) {
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
        if (options.gate !== false && document.readyState === 'loading' && !(window as any).mete_gate)
            gate = closeGate();
        setTimeout(end, Math.max(0, +timeout - (performance.now() - gate.at)));
        request(() => isOver || hasOpened()).then(end, end);
    }

    function pageView(): void {
        if (options.pageViews === false) return;
        const { title, referrer } = document;
        const { href, pathname } = location;
        const go = (address?: string, from?: string): void =>
            track('page_view', scrubAll({ url: address, path: pathname, title, referrer: from || undefined }));
        if (/[?#@]/.test(href + referrer))
            late((part) => go(part.reported(href, options), part.reported(referrer, options)));
        else go(href, referrer);
    }

    /* Once nobody is reported about, no basket is kept. */
    function watchShop(name: string, properties: Attributes): void {
        if (queue && /cart|^(begin_checkout|purchase)$/.test(name))
            shop((part) => part.watchShop(name, properties, local, say, renew));
    }

    const takeEntry = (entry: unknown): void =>
        take(entry, (name, fields) => {
            if (COMMERCE.includes(name)) tried(() => track(name, fields));
            else watchShop(name, fields);
            occasions.fire('data_layer:' + name);
        });

    function watchPage(): void {
        const look = (): void => {
            each((run) => run.look());
            observer.takeRecords();
        };
        const observer = new MutationObserver(look);
        observer.observe(document, {
            childList: true,
            subtree: true,
            characterData: true,
            attributeFilter: ['class', 'id'],
        });
        ends = [
            () => observer.disconnect(),
            listen(document, 'DOMContentLoaded', look),
            watchAddress(() => {
                noteVisit(local, visitor!, pageAttributes(session));
                each((run) => run.enter());
                renew();
                setTimeout(pageView);
            }),
        ];
        if (layer) ends.push(watchDataLayer(layer, takeEntry));
        if (document.readyState !== 'loading') pageView();
        else ends.push(listen(document, 'DOMContentLoaded', pageView));
    }

    function start(): void {
        if (visitor || !consent.isGiven()) return finish();
        visitor = findVisitor(options, local, late, pageAttributes(session));
        queue = createQueue(url(options, 'events?'), local, say);
        queue.flush();
        tried(watchPage);
        if (!preview) return decide();
        const show = (next: Reply): Promise<void> => prepare(next).then((fit) => use(fit, false));
        const ordinary = (): Promise<void> => ((preview = ''), decide(), ready);
        load('qa')(
            (qa: PreviewModule) =>
                qa.open({ options, preview, show, ordinary, attributes, visitor: visitor!, runs: () => runs }),
            finish,
        );
    }

    function stop(): void {
        question++;
        each((run) => run.leave());
        ends.forEach((end) => tried(end));
        if (queue) queue.stop();
        runs = [];
        ends = [];
        queue = visitor = reply = null;
        finish();
    }

    function forget(): void {
        stop();
        forgetVisitor(options);
        [local, session].forEach((store) => store.namesOf('').forEach(store.remove));
    }

    const client: Client = {
        ready,
        visitorId: () => visitor,
        flag(key, otherwise) {
            asked.add(key);
            each(({ decision, ask }) => touchedBy(decision).flags.includes(key) && isShown(key, decision) && ask());
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
        identify(id, traits) {
            if (!isId(id)) return say(1, 'id', id);
            local.set('u', { id, traits });
            track('identify', { user_id: id, traits: { ...traits } as Value });
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
