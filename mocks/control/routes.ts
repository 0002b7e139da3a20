/** The routes of the control server as a table: what each takes and does. The OpenAPI description is made from it. */
import { carrierRoutes } from './carrier-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { issuerRoutes } from './issuer-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import type { ControlContext, ControlRoute } from './route.ts';
import { scopeRoutes } from './scope-routes.ts';

/** All routes that answer JSON; the journal's stream is beside them in `server.ts`. */
export const controlRoutes = (context: ControlContext): ControlRoute[] => [
  ...scopeRoutes(context),
  ...historyRoutes(context),
  ...peopleRoutes(context),
  ...issuerRoutes(context),
  ...carrierRoutes(context),
];
