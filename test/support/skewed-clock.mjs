// Loaded before a program (`--import`): its time of day is wrong by ROTA_TEST_SKEW_MS, as on a host without NTP.
const skewMs = Number(process.env.ROTA_TEST_SKEW_MS ?? 0);
const RealDate = globalThis.Date;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + skewMs] : args));
  }

  static now() {
    return RealDate.now() + skewMs;
  }
};
