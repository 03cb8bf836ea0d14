// Loaded only for agents whose phone is the browser (JsSIP is the largest part of the console).

export { SharedPhone } from "./shared";
