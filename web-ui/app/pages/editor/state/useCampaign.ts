// SPDX-License-Identifier: GPL-3.0-or-later
// One campaign under edit: what the server has, what was changed here, and how the two come together. Drafts are
// saved as one types; what others see (a started campaign) is saved when it is said. Every refused member stays as it
// was typed, beside the server's sentence; somebody else's change is merged where it touches other members, and
// shown where it does not.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, change, get } from '../../../lib/api';
import { useMay, useSession } from '../../../lib/session';
import { changedMembers, isSame, memberOf, patchOf, pick, type Campaign, type Edits, type Member } from './document';
import type { Conflict, Editing, Fault, Saving, Seed } from './editing';
import { readKept, writeKept } from './kept';

const PAUSE_MS = 600;
const WATCH_MS = 15_000;

interface Held {
    base: Campaign; // as the server had it
    etag: string | null;
    mine: Campaign; // as it stands on the page
}

export function useCampaign(key: string): {
    editing: Editing | null;
    error: ApiError | null;
    load: () => Promise<void>;
} {
    const { environment } = useSession();
    const mayEdit = useMay('editor');
    const mayPublish = useMay('publisher');
    const held = useRef<Held | null>(null);
    const [, redraw] = useState(0);
    const [error, setError] = useState<ApiError | null>(null);
    const [saving, setSaving] = useState<Saving>('saved');
    const [faults, setFaults] = useState<Fault[]>([]);
    const [conflict, setConflict] = useState<Conflict | null>(null);
    const [others, setOthers] = useState<Member[]>([]);
    const [revision, setRevision] = useState(0);
    const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
    const busy = useRef<Promise<boolean> | null>(null);
    const path = `/campaigns/${encodeURIComponent(key)}`;
    /* Also what is saved as the page is left for another environment goes where it was written. */
    const [at] = useState(() => `${path}?environment=${encodeURIComponent(environment.key)}`);
    const show = () => redraw((n) => n + 1);

    const keep = () => {
        const h = held.current;
        if (h) writeKept(environment.key, key, pick(h.mine, changedMembers(h.base, h.mine)));
    };

    const take = (body: Campaign, etag: string | null, mine: Campaign) => {
        held.current = { base: body, etag, mine };
        keep();
        show();
    };

    const load = useCallback(async () => {
        try {
            const { body, etag } = await get<Campaign>(at);
            take(body, etag, { ...body, ...(mayEdit ? readKept(environment.key, key) : {}) });
            setRevision((n) => n + 1);
            setError(null);
        } catch (cause) {
            setError(cause as ApiError);
        }
    }, [at]);

    /* Somebody was first: their changes of other members are taken over, the same ones are put to the choice. */
    const merge = async (): Promise<boolean> => {
        const { body, etag } = await get<Campaign>(at);
        const h = held.current as Held;
        const mine = changedMembers(h.base, h.mine);
        const theirs = changedMembers(h.base, body);
        const both = mine.filter((member) => theirs.includes(member) && !isSame(h.mine[member], body[member]));
        take(body, etag, { ...body, ...pick(h.mine, mine) });
        setOthers(theirs.filter((member) => !both.includes(member)));
        setRevision((n) => n + 1);
        if (both.length > 0) setConflict({ theirs: body, members: both });
        return both.length === 0;
    };

    /* Sends what changed; a refused member is left out and the rest is tried again. */
    const sendAll = async (seed: Seed): Promise<boolean> => {
        const refused: Fault[] = [];
        for (let tries = 0; tries < 20; tries += 1) {
            const h = held.current as Held;
            const skipped = refused.map(({ pointer }) => memberOf(pointer));
            const members = changedMembers(h.base, h.mine).filter((member) => !skipped.includes(member));
            if (members.length === 0) break;
            const sent = pick(h.mine, members);
            try {
                const { body, etag } = await change<Campaign>(
                    'PATCH',
                    `${at}&seed=${seed}`,
                    patchOf(h.base, sent),
                    h.etag,
                );
                const now = (held.current as Held).mine;
                const newer = changedMembers({ ...h.base, ...sent }, now);
                take(body, etag, { ...body, ...pick(now, newer) });
            } catch (cause) {
                const problem = cause as ApiError;
                if (problem.status === 0) throw problem;
                if (problem.status === 412) {
                    if (!(await merge())) return false;
                    continue;
                }
                refused.push({ pointer: problem.pointer, text: problem.message });
                if (!memberOf(problem.pointer)) break;
            }
        }
        setFaults(refused);
        setSaving(refused.length > 0 ? 'refused' : 'saved');
        return refused.length === 0;
    };

    const save = async (seed: Seed = 'new'): Promise<boolean> => {
        clearTimeout(timer.current);
        if (busy.current) await busy.current;
        setSaving('saving');
        busy.current = sendAll(seed).catch(() => {
            setSaving('offline');
            return false;
        });
        const isDone = await busy.current;
        busy.current = null;
        return isDone;
    };
    const latestSave = useRef(save);
    latestSave.current = save;

    const isLive = held.current ? held.current.base.status !== 'draft' : false;
    const schedule = () => {
        clearTimeout(timer.current);
        setSaving('waiting');
        if (!isLive && !conflict) timer.current = setTimeout(() => void latestSave.current(), PAUSE_MS);
    };

    const set = (edits: Edits) => {
        const h = held.current as Held;
        held.current = { ...h, mine: { ...h.mine, ...edits } };
        keep();
        show();
        const isBack = changedMembers(h.base, held.current.mine).length === 0;
        if (isBack && !busy.current) {
            clearTimeout(timer.current);
            setFaults([]);
            setSaving('saved');
        } else {
            schedule();
        }
    };

    const resolve = (choice: 'mine' | 'theirs') => {
        const h = held.current as Held;
        if (choice === 'theirs' && conflict) {
            take(h.base, h.etag, { ...h.mine, ...pick(h.base, conflict.members) });
            setRevision((n) => n + 1);
        }
        setConflict(null);
        if (!isLive) void save();
        else setSaving(changedMembers(h.base, (held.current as Held).mine).length > 0 ? 'waiting' : 'saved');
    };

    const discard = () => {
        const h = held.current as Held;
        take(h.base, h.etag, h.base);
        setFaults([]);
        setSaving('saved');
        setRevision((n) => n + 1);
    };

    useEffect(() => {
        void load().then(() => {
            const h = held.current;
            if (h && changedMembers(h.base, h.mine).length === 0) return;
            if (h?.base.status === 'draft') void latestSave.current();
            else if (h) setSaving('waiting');
        });
        return () => {
            clearTimeout(timer.current);
            const h = held.current;
            if (h?.base.status === 'draft' && changedMembers(h.base, h.mine).length > 0 && !busy.current)
                void latestSave.current();
        };
    }, [load]);

    useEffect(() => {
        const look = async () => {
            if (document.visibilityState !== 'visible' || busy.current || !held.current) return;
            const { etag } = await get<Campaign>(at);
            if (etag !== held.current.etag && !busy.current) await merge();
        };
        const watch = setInterval(() => void look().catch(() => undefined), WATCH_MS);
        return () => clearInterval(watch);
    }, [at]);

    const h = held.current;
    if (!h) return { editing: null, error, load };
    const isOpen = h.base.status !== 'archived';
    const editing: Editing = {
        campaign: h.mine,
        base: h.base,
        etag: h.etag,
        path,
        saving,
        faults,
        conflict,
        others,
        revision,
        isLive,
        changed: changedMembers(h.base, h.mine),
        mayEdit: isOpen && (isLive && h.base.status !== 'stopped' ? mayPublish : mayEdit),
        set,
        save,
        resolve,
        discard,
        reload: load,
    };
    return { editing, error, load };
}
