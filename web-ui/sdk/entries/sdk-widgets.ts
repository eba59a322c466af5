// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import { widgets } from '../widgets/widgets';

(window as any)[MODULE + 'widgets'] = widgets;
