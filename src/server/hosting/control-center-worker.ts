/** Entry of the worker thread in which the desktop and the browser host run the control center (DESIGN §3). */
import { parentPort, workerData } from 'node:worker_threads';
import { type ControlCenterOptions, openControlCenter } from '../../core/control-center.ts';
import { startMetricsListener } from '../metrics-listener/metrics-listener.ts';
import { serveControlCenter } from './serve-control-center.ts';

if (parentPort !== null) {
  await serveControlCenter(parentPort, workerData as ControlCenterOptions, (options, sealer) =>
    openControlCenter(options, { serveMetrics: startMetricsListener, sealer }),
  );
}
