/** Posts to such paths reach people outside, or cost something. */
export const REACHES_OUT =
  /invit|send|mail|sms|message|pay|charge|checkout|purchase|subscri|webhook|close|deactivate|disable|reset|leave/i;
