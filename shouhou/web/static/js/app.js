// Everything that every page needs. Each module finds its own elements; none needs another to be there.

import "./theme.js";
import "./menus.js";
import "./overlays.js";
import "./toast.js";
import "./keys.js";
import "./summon.js";
import "./token.js";
import "./drafts.js";
import "./submit.js";
import "./requests.js";
import "./signature.js";
import "./photos.js";
import "./scan.js";
import "./help.js";
import "./tour.js";
import "./live.js";
