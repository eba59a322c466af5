// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import * as shop from '../shop/index';

(window as any)[MODULE + 'shop'] = { ...shop };
