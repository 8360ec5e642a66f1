// What the API says when it refuses, and how screens read it.

export interface FieldViolation {
  field: string;
  description: string;
}

interface ErrorBody {
  code?: number;
  status?: string;
  message?: string;
  details?: unknown[];
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: string;
  readonly httpStatus: number;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly fieldViolations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;

  constructor(init: {
    status: string;
    httpStatus: number;
    message: string;
    details?: unknown[];
    retryAfterMs?: number | undefined;
    requestId?: string | undefined;
  }) {
    super(init.message);
    this.status = init.status;
    this.httpStatus = init.httpStatus;
    this.requestId = init.requestId;
    const details = init.details ?? [];
    const info = detailOf(details, 'google.rpc.ErrorInfo');
    this.reason = textOf(info?.reason);
    this.metadata = textMap(info?.metadata);
    this.fieldViolations = violationsOf(detailOf(details, 'google.rpc.BadRequest'));
    this.retryAfterMs = durationMs(detailOf(details, 'google.rpc.RetryInfo')?.retryDelay) ?? init.retryAfterMs;
  }

  /** The service may answer the very same request later: nothing was decided. */
  get isTransient(): boolean {
    return this.status === 'UNAVAILABLE' || this.status === 'RESOURCE_EXHAUSTED';
  }
}

export function networkError(cause: unknown): ApiError {
  const error = new ApiError({ status: 'UNAVAILABLE', httpStatus: 0, message: 'the service cannot be reached' });
  error.cause = cause;
  return error;
}

/** Reads an answer that is not a success. Bodies that are not the API's own (a proxy's page) still give a usable error. */
export function parseError(httpStatus: number, body: unknown, headers: Headers): ApiError {
  const error = errorBody(body);
  return new ApiError({
    status: error?.status ?? statusOfHttp(httpStatus),
    httpStatus,
    message: error?.message ?? `the service answered ${httpStatus.toString()}`,
    details: error?.details ?? [],
    retryAfterMs: retryAfterHeaderMs(headers.get('Retry-After')),
    requestId: headers.get('X-Request-Id') ?? undefined,
  });
}

export function isApiError(error: unknown, status?: string): error is ApiError {
  return error instanceof ApiError && (status === undefined || error.status === status);
}

/**
 * Violations by form path. `prefixes` are the parts of the request that the form edits without naming them: the form of a
 * contract knows "ratePerHour" where the API says "contract.ratePerHour". Indexes become form style: taxes[0].rate is taxes.0.rate.
 */
export function fieldErrors(error: unknown, prefixes: readonly string[] = []): Record<string, string> {
  const result: Record<string, string> = {};
  if (!(error instanceof ApiError)) return result;
  for (const violation of error.fieldViolations) {
    const path = stripPrefix(violation.field, prefixes).replace(/\[(\d+)\]/g, '.$1');
    result[path] ??= expectation(violation.description);
  }
  return result;
}

/** One sentence for people: starts upper-case and ends with a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return 'Something went wrong.';
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

export function errorSentence(error: unknown): string {
  return sentence(error instanceof Error ? error.message : String(error));
}

/** The API says "expected a decimal with at most 4 decimals"; at a field that reads better as a request. */
function expectation(description: string): string {
  const expected = /^expected (.+)$/s.exec(description)?.[1];
  return expected === undefined ? sentence(description).replace(/[.?]$/, '') : `Must be ${expected}`;
}

function stripPrefix(path: string, prefixes: readonly string[]): string {
  const prefix = prefixes.find((candidate) => path.startsWith(`${candidate}.`));
  return prefix === undefined ? path : path.slice(prefix.length + 1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function errorBody(body: unknown): ErrorBody | undefined {
  if (!isRecord(body) || !isRecord(body.error)) return undefined;
  const { code, status, message, details } = body.error;
  return {
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof status === 'string' ? { status } : {}),
    ...(typeof message === 'string' ? { message } : {}),
    ...(Array.isArray(details) ? { details: details as unknown[] } : {}),
  };
}

function detailOf(details: unknown[], type: string): Record<string, unknown> | undefined {
  return details.filter(isRecord).find((detail) => textOf(detail['@type']).endsWith(`/${type}`));
}

function violationsOf(badRequest: Record<string, unknown> | undefined): FieldViolation[] {
  const list = badRequest?.fieldViolations;
  if (!Array.isArray(list)) return [];
  return list
    .filter(isRecord)
    .map((item) => ({ field: textOf(item.field), description: textOf(item.description) }))
    .filter((item) => item.field !== '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textMap(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A protobuf Duration in JSON: "2s", "0.250s". */
function durationMs(value: unknown): number | undefined {
  const match = /^(\d+)(?:\.(\d{1,9}))?s$/.exec(textOf(value));
  if (!match) return undefined;
  return Number(match[1]) * 1000 + Number((match[2] ?? '0').padEnd(3, '0').slice(0, 3));
}

function retryAfterHeaderMs(value: string | null): number | undefined {
  return value !== null && /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
}

function statusOfHttp(httpStatus: number): string {
  const known: Record<number, string> = {
    400: 'INVALID_ARGUMENT',
    401: 'UNAUTHENTICATED',
    403: 'PERMISSION_DENIED',
    404: 'NOT_FOUND',
    409: 'ALREADY_EXISTS',
    429: 'RESOURCE_EXHAUSTED',
    502: 'UNAVAILABLE',
    503: 'UNAVAILABLE',
    504: 'UNAVAILABLE',
  };
  return known[httpStatus] ?? 'UNKNOWN';
}
