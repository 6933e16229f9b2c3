/** What a person sees who opens a used, old or wrong link. */
export const REFUSED_LINK_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>This link does not work any more</title></head>
<body><h1>This link does not work any more</h1>
<p>A link opens the app once, within a minute. Run <code>npm start</code> again for a fresh one: what is running goes on.</p>
<p>You have a user name and a password? <a href="/sign-in">Sign in</a>.</p>
</body></html>
`;
