// Everything that every page needs. Each module finds its own elements; none needs another to be there.

import "./theme.js";
import "./menus.js";
import "./overlays.js";
import "./toast.js";
import "./keys.js";
import "./token.js";
import "./submit.js";
import "./requests.js";
import "./signature.js";
import "./photos.js";
