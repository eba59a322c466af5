// SPDX-License-Identifier: GPL-3.0-or-later
// What pictures are made of: loaded when the first is drawn.
export {
    areaX,
    areaY,
    axisX,
    axisY,
    barX,
    barY,
    dot,
    gridX,
    gridY,
    line,
    lineY,
    link,
    plot,
    rectY,
    ruleX,
    ruleY,
    text,
    tip,
} from '@observablehq/plot';
