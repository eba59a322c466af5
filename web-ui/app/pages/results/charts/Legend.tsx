// SPDX-License-Identifier: GPL-3.0-or-later
interface LegendProps {
    keys: string[];
    colors: string[];
    names: Record<string, string>;
}

export function Legend({ keys, colors, names }: LegendProps) {
    return (
        <ul class="row small legend">
            {keys.map((key, i) => (
                <li key={key}>
                    <span aria-hidden="true" style={{ color: colors[i] }}>
                        ●
                    </span>{' '}
                    {names[key] ?? key}
                </li>
            ))}
        </ul>
    );
}
