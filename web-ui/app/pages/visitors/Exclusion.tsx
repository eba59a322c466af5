// SPDX-License-Identifier: GPL-3.0-or-later
// Whether results count a visitor, and taking it out of them or in again.
import { useState } from 'preact/hooks';
import { ApiError, change } from '../../lib/api';
import { formatDate, t } from '../../lib/i18n';
import { useMay } from '../../lib/session';
import { Button } from '../../ui/Button';
import { Confirm, Dialog } from '../../ui/Dialog';
import { ErrorNote, errorText, toast } from '../../ui/feedback';
import { TextField } from '../../ui/Field';
import { Badge } from '../../ui/parts';
import { visitorPath, type Visitor } from './visitor';

interface ExclusionProps {
    visitor: Visitor;
    reload: () => Promise<void>;
}

function ExcludeDialog({ visitor, reload, onClose }: ExclusionProps & { onClose: () => void }) {
    const [reason, setReason] = useState('');
    const [error, setError] = useState<unknown>(null);
    const isAtReason = error instanceof ApiError && error.pointer === '/reason';
    const exclude = async () => {
        setError(null);
        try {
            await change('POST', `${visitorPath(visitor.visitor_id)}/exclude`, { reason: reason.trim() });
            toast(t('visitors.exclude.done'));
            onClose();
            await reload();
        } catch (cause) {
            setError(cause);
        }
    };
    const actions = (
        <>
            <Button onClick={onClose}>{t('action.cancel')}</Button>
            <Button look="danger" onClick={exclude}>
                {t('visitors.exclude')}
            </Button>
        </>
    );
    return (
        <Dialog title={t('visitors.exclude.title')} onClose={onClose} actions={actions}>
            <p>{t('visitors.exclude.text')}</p>
            <TextField
                label={t('visitors.exclude.reason')}
                hint={t('visitors.exclude.reason.hint')}
                value={reason}
                onValue={setReason}
                error={isAtReason ? errorText(error) : undefined}
                autocomplete="off"
            />
            {error !== null && !isAtReason && <ErrorNote error={error} />}
        </Dialog>
    );
}

function IncludeDialog({ visitor, reload, onClose }: ExclusionProps & { onClose: () => void }) {
    const include = async () => {
        await change('POST', `${visitorPath(visitor.visitor_id)}/include`);
        toast(t('visitors.include.done'));
        await reload();
    };
    return (
        <Confirm
            title={t('visitors.include.title')}
            text={t('visitors.include.text')}
            action={t('visitors.include')}
            onConfirm={include}
            onClose={onClose}
        />
    );
}

export function Exclusion({ visitor, reload }: ExclusionProps) {
    const [isOpen, setOpen] = useState(false);
    const mayChange = useMay('publisher');
    const { exclusion, is_exclusion_due: isDue } = visitor;
    const Ask = exclusion ? IncludeDialog : ExcludeDialog;
    return (
        <section class="card stack" aria-label={t('visitors.counted')}>
            <div class="row spread">
                <span class="row">
                    <h2>{t('visitors.counted')}</h2>
                    <Badge tone={exclusion ? 'warn' : 'plain'}>
                        {t(exclusion ? 'visitors.counted.no' : 'visitors.counted.yes')}
                    </Badge>
                </span>
                {mayChange && (
                    <Button onClick={() => setOpen(true)}>
                        {t(exclusion ? 'visitors.include' : 'visitors.exclude')}
                    </Button>
                )}
            </div>
            {exclusion && (
                <p class="wrap-anywhere">
                    {t('visitors.excluded', {
                        who: exclusion.excluded_by,
                        when: formatDate(exclusion.excluded_at, 'time'),
                        reason: exclusion.reason,
                    })}
                </p>
            )}
            {isDue && <p class="soft small">{t('visitors.exclusion.due')}</p>}
            {isOpen && <Ask visitor={visitor} reload={reload} onClose={() => setOpen(false)} />}
        </section>
    );
}
