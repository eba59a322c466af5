// SPDX-License-Identifier: GPL-3.0-or-later
// One variant: its name, whether it is the control, the flags it sets and what it changes on the page.
import { t } from '../../../lib/i18n';
import { Button } from '../../../ui/Button';
import { TextField } from '../../../ui/Field';
import { Badge } from '../../../ui/parts';
import type { Variant } from '../state/document';
import { faultAt, type Fault } from '../state/editing';
import { FlagValues, type Flag } from './FlagValues';
import { WebChanges } from './WebChanges';

interface VariantCardProps {
    index: number;
    variant: Variant;
    flags: Flag[];
    faults: Fault[];
    onVariant: (variant: Variant) => void;
    onControl: () => void;
    onNewFlag: () => void;
    onRemove: (() => void) | undefined;
}

function Head({ variant, onControl, onRemove }: Pick<VariantCardProps, 'variant' | 'onControl' | 'onRemove'>) {
    const name = variant.name || variant.key;
    return (
        <div class="row spread">
            <h3 class="row">
                {name}
                {variant.is_control && <Badge tone="accent">{t('editor.variant.control')}</Badge>}
            </h3>
            <div class="row">
                {!variant.is_control && (
                    <Button look="quiet" onClick={onControl}>
                        {t('editor.variant.makeControl')}
                    </Button>
                )}
                {onRemove && (
                    <Button look="quiet" aria-label={t('editor.variant.remove', { name })} onClick={onRemove}>
                        ×
                    </Button>
                )}
            </div>
        </div>
    );
}

export function VariantCard({
    index,
    variant,
    flags,
    faults,
    onVariant,
    onControl,
    onNewFlag,
    onRemove,
}: VariantCardProps) {
    const here = `/variants/${index}`;
    const put = (next: Partial<Variant>) => onVariant({ ...variant, ...next });
    return (
        <section class="card stack" aria-label={t('editor.variant', { name: variant.name || variant.key })}>
            <Head variant={variant} onControl={onControl} onRemove={onRemove} />
            <div class="columns">
                <TextField
                    label={t('editor.variant.name')}
                    value={variant.name}
                    error={faultAt(faults, `${here}/name`)}
                    onValue={(name) => put({ name })}
                />
                <TextField
                    label={t('editor.variant.key')}
                    hint={t('editor.variant.key.hint')}
                    value={variant.key}
                    error={
                        faultAt(faults, `${here}/key`) ??
                        faultAt(faults, `${here}/weight`) ??
                        faultAt(faults, `${here}/is_control`)
                    }
                    onValue={(key) => put({ key })}
                />
            </div>
            <FlagValues
                values={variant.flags}
                flags={flags}
                here={`${here}/flags`}
                faults={faults}
                onValues={(next) => put({ flags: next })}
                onNewFlag={onNewFlag}
            />
            <WebChanges
                changes={variant.changes}
                here={`${here}/changes`}
                faults={faults}
                onChanges={(changes) => put({ changes })}
            />
        </section>
    );
}
