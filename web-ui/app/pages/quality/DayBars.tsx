// SPDX-License-Identifier: GPL-3.0-or-later
// Events of each day as small bars, the largest of them as high as there is room.
import { formatDay, t } from '../../lib/i18n';

const WIDTH = 140;
const HEIGHT = 28;
const LEAST = 1.5; // of a day with any event: to be seen

export function DayBars({ name, days, counts }: { name: string; days: string[]; counts: number[] }) {
    const most = Math.max(1, ...counts);
    const step = WIDTH / counts.length;
    const largest = counts.indexOf(Math.max(...counts));
    const label = t('quality.course.label', {
        name,
        most: counts[largest] ?? 0,
        day: formatDay(days[largest] ?? ''),
        today: counts[counts.length - 1] ?? 0,
    });
    return (
        <svg
            class="day-bars"
            width={WIDTH}
            height={HEIGHT}
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            role="img"
            aria-label={label}
        >
            <title>{label}</title>
            <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
            {counts.map((count, i) => {
                const height = count === 0 ? 0 : Math.max(LEAST, (count / most) * (HEIGHT - 1));
                return (
                    <rect
                        key={days[i]}
                        x={i * step}
                        y={HEIGHT - 1 - height}
                        width={Math.max(1, step - Math.min(2, step / 4))}
                        height={height}
                    />
                );
            })}
        </svg>
    );
}
