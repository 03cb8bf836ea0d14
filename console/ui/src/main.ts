// What lives across pages, started once.

import htmx from "htmx.org";
import { startCallbar } from "./callbar";
import { startColumns } from "./columns";
import { startContacts } from "./contacts";
import { startDrafts } from "./drafts";
import { startEnter } from "./enter";
import { startHelp } from "./help";
import { startImages } from "./images";
import { startLive } from "./live";
import { startLoggedOut } from "./logged-out";
import { startMemos } from "./memos";
import { startNavigation } from "./navigation";
import { startOffline } from "./offline";
import { startPlayers } from "./player";
import { startPrint } from "./print";
import { startQuick } from "./quick";
import { startRefresh } from "./refresh";
import { startRefused } from "./refused";
import { startRoom } from "./room";
import { startRows } from "./rows";
import { startSupervise } from "./supervise";
import { startTheme } from "./theme";
import { startTicks } from "./ticks";
import { startTimers } from "./timers";
import { startToasts } from "./toasts";
import { startWall } from "./wall";

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRF-Token"] = token;
});

startTheme();
startToasts();
startTimers();
startNavigation();
startDrafts();
startEnter();
startLoggedOut();
startQuick();
startRows();
startTicks();
startColumns();
startRefresh();
startRefused();
startMemos();
startHelp();
startPlayers();
startImages();
startPrint();
startSupervise();
startWall();
startCallbar();
startContacts();
startOffline();
startRoom();
if (document.body.hasAttribute("data-signed-in")) startLive((root) => htmx.process(root));
