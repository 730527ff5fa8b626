/** As much of GitHub's REST API as is needed here. */
import { HttpClient } from '@actions/http-client';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Path of the next page. */
  readonly next: string | null;
}

export type Call = (method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown) => Promise<Answer>;

export function githubApi(token: string, env: NodeJS.ProcessEnv): Call {
  const api = (env.GITHUB_API_URL ?? 'https://api.github.com').replace(/\/+$/, '');
  const client = new HttpClient('quality-orchestrator', [], {
    allowRetries: true,
    maxRetries: 2,
    keepAlive: false,
    // The token is for this server only.
    allowRedirects: false,
  });
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'x-github-api-version': '2022-11-28',
  };
  return async (method, path, body) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const response = await client.request(method, `${api}${path}`, text, headers);
    const said = await response.readBody();
    return {
      status: response.message.statusCode ?? 0,
      body: parsed(said),
      next: nextPage(String(response.message.headers.link ?? ''), api),
    };
  };
}

function nextPage(link: string, api: string): string | null {
  const url = /<([^>]*)>;\s*rel="next"/.exec(link)?.[1];
  return url?.startsWith(`${api}/`) === true ? url.slice(api.length) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
