/** `language_info` of notebooks whose default language is Python, as ipykernel gives it. */
export const pythonInfo = {
  name: 'python',
  version: '3',
  codemirror_mode: { name: 'ipython', version: 3 },
  pygments_lexer: 'ipython3',
  nbconvert_exporter: 'python',
};

/** Magics that IPython has and does better for Python text, because it runs them where the variables are. */
export const ipythonMagics = [
  ...['time', 'timeit', 'capture', 'prun', 'script', 'perl', 'ruby', 'svg', 'latex', 'pip', 'conda'],
  ...['alias', 'alias_magic', 'autoawait', 'autocall', 'automagic', 'bookmark', 'cd', 'colors', 'dhist', 'dirs'],
  ...['doctest_mode', 'env', 'gui', 'killbgscripts', 'load_ext', 'logoff', 'logon', 'logstart', 'logstate', 'logstop'],
  ...['magic', 'matplotlib', 'page', 'pastebin', 'pdb', 'pdef', 'pdoc', 'pfile', 'pinfo', 'pinfo2', 'popd', 'pprint'],
  ...['precision', 'psearch', 'psource', 'pushd', 'pwd', 'pycat', 'pylab', 'quickref', 'recall', 'rehashx'],
  ...['reload_ext', 'reset', 'reset_selective', 'set_env', 'store', 'sx', 'system', 'tb', 'unalias', 'unload_ext'],
  ...['who', 'who_ls', 'whos', 'xdel', 'xmode'],
];
