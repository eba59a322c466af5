// SPDX-License-Identifier: MIT
// What the edge says, and what a site may ask for.

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Attributes = { [key: string]: Value | undefined };

export interface Change {
    type: string;
    selector?: string | null;
    name?: string | null;
    value?: string | null;
    title?: string | null;
    label?: string | null;
    position?: string | null;
    place?: string | null;
    target?: string | null;
    url?: string | null;
    end?: string | null;
}

export interface PageTrigger {
    match: 'simple' | 'exact' | 'wildcard' | 'regex';
    value: string;
    is_excluded?: boolean;
}

export interface MomentTrigger {
    on: 'scroll' | 'time' | 'exit_intent' | 'visible' | 'event' | 'data_layer';
    amount?: number | null;
    selector?: string | null;
    name?: string | null;
}

export interface Triggers {
    pages?: PageTrigger[];
    moments?: MomentTrigger[];
}

export interface Decision {
    campaign: string;
    phase: number;
    variant: string | null;
    is_control?: boolean;
    flags?: { [key: string]: Value };
    changes?: Change[];
    triggers?: Triggers;
    reason: string;
}

/** Variants by campaign, for looking at them. */
export type Forced = { [campaign: string]: string };

/** What all arms of a campaign touch together: every arm is exposed at the same moment. */
export interface Touched {
    flags: string[];
    targets?: string[];
    /** Those of the targets that several campaigns may touch: something is put beside or into them. */
    shared?: string[];
}

export interface Tracking {
    on: 'click' | 'submit';
    selector: string;
    name: string;
}

export interface PageInfo {
    asks: string[];
    allows_html: boolean;
    tracking: Tracking[];
    campaigns: { [campaign: string]: Touched };
}

export interface Reply {
    visitor_id: string;
    snapshot: number;
    decisions: Decision[];
    flags: { [key: string]: Value };
    page: PageInfo;
}

export interface VisitorEvent {
    event_id?: string;
    visitor_id: string;
    name: string;
    ts: string;
    properties: Attributes;
}

export interface Options {
    /** The client key of the environment ("mck_…"). */
    key: string;
    /** Where the edge is: "https://mete.example", or "" for the page's own host. */
    edge: string;
    /** After so many milliseconds without a decision the page shows its default. Default: 300. */
    timeout?: number | string;
    /** "required": nothing is stored or sent before consent(true). */
    consent?: 'required';
    /** Signals of the browser that count as an opt-out. */
    honor?: ('gpc' | 'dnt')[] | string;
    /** Who writes the cookie: the page's script, the edge on the site's own host, or nobody. */
    cookie?: 'script' | 'server' | 'none';
    /** "shop.example": one id for all its subdomains. */
    cookieDomain?: string;
    /** An id of your own for this visitor; one like "undefined" or "null" is none, and the SDK's own is used. */
    visitorId?: string;
    /** What you know of the visitor, for audiences. */
    attributes?: Attributes;
    /** For the scripts and styles that the SDK adds, under a content security policy. */
    nonce?: string;
    /** Decide in the browser, from the configuration. */
    local?: boolean;
    /** Name of the data layer that is listened to; "" for none. Default: "dataLayer". */
    dataLayer?: string;
    /** Parameters of addresses that are reported besides those of advertising (utm_…, gclid, …). */
    urlParameters?: string[] | string;
    /** Send page_view by itself. Default: true. */
    pageViews?: boolean;
    /** Hide the page until the first decision has come. Default: true in a page that is loading. */
    gate?: boolean;
    /** Parts that are otherwise loaded from the edge when they are first needed. */
    modules?: { [name: string]: unknown };
}

/** What a page speaks to. */
export interface Client {
    /** Settled when the first decision is there, or the page goes on without. */
    readonly ready: Promise<void>;
    visitorId(): string | null;
    /** A flag's value; asking for it is what exposes the visitor to campaigns that set it. */
    flag<T extends Value>(key: string, otherwise: T): T;
    /** The visitor's variant of a campaign, or null; asking exposes the visitor to it. */
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
