using System.Globalization;
using System.Net;
using System.Reflection;
using CourseKit.Session.Cells;
using CourseKit.Session.Output;

namespace CourseKit.Session.Packages;

/// <summary>Brings packages from feeds into the session: fetched by the SDK, and never two versions of one.</summary>
internal sealed class PackageLoader(ReferenceSet references, OutputSink sink)
{
    // What no notebook has asked for so long is fetched again by one that does.
    private static readonly TimeSpan s_unused = TimeSpan.FromDays(60);

    // Most sessions fetch nothing, and need not look for an SDK when they start.
    private readonly Lazy<PackageRestore> _restore = new(() => new PackageRestore(PackageRestore.FindSdk(), PackageRestore.DefaultCache));
    private readonly Lazy<NativeLibraries> _native = new(() => new NativeLibraries());
    private readonly List<string> _sources = [];
    private bool _cleaned;

    // Every package that is here, with those that others brought along.
    private readonly Dictionary<string, string> _loaded = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a feed for the packages of this cell and those after it.</summary>
    public void AddSource(Directive directive, string folder)
    {
        if (!directive.Argument.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) || directive.Argument["nuget:".Length..].Trim() is not { Length: > 0 } source)
            throw new DirectiveException(directive, "#i adds a feed of packages; write #i \"nuget: SOURCE\", where SOURCE is an address such as https://example.org/v3/index.json or a folder.");
        if (!source.Contains("://", StringComparison.Ordinal))
        {
            source = Path.GetFullPath(source, folder);
            if (!Directory.Exists(source))
                throw new DirectiveException(directive, $"There is no folder {source} to take packages from; an address of a feed begins with https://.");
        }

        if (!_sources.Contains(source))
            _sources.Add(source);
    }

    /// <summary>Fetches and loads what <c>#r "nuget: ..."</c> lines ask for.</summary>
    /// <exception cref="DirectiveException">A package cannot be had; the sentence says which and why.</exception>
    public void Load(IReadOnlyList<Directive> directives, CancellationToken cancellationToken)
    {
        var requests = directives.Select(PackageRequest.Parse).Where(IsNew).DistinctBy(request => request.Id, StringComparer.OrdinalIgnoreCase).ToArray();
        if (requests.Length == 0)
            return;
        if (!_restore.Value.HasSdk)
        {
            throw new DirectiveException(requests[0].Directive, $"The package {requests[0].Id} must be fetched, which the .NET SDK does, and there is none on this machine: install it from https://dot.net."
                + " The kit's own packages need no SDK.");
        }

        var display = new RestoreDisplay(sink, requests);
        RestoreResult result;
        try
        {
            result = _restore.Value.Restore(
                [.. requests.Select(request => (request.Id, request.Version)), .. _loaded.Where(package => requests.All(request => !request.Id.Equals(package.Key, StringComparison.OrdinalIgnoreCase))).Select(package => (package.Key, $"[{package.Value}]"))],
                _sources, Environment.CurrentDirectory, display.Tick, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            display.End("not fetched");
            throw new DirectiveException(requests[0].Directive, $"The package {requests[0].Id} could not be fetched: {exception.Message} Packages are kept in {PackageRestore.DefaultCache}: the session must be able to write there.");
        }

        if (result.Packages is null)
        {
            display.End("not fetched");
            var directive = requests.FirstOrDefault(request => result.Messages.Contains(request.Id, StringComparison.OrdinalIgnoreCase))?.Directive ?? requests[0].Directive;
            throw new DirectiveException(directive, RestoreMessages.Explain(result.Messages, requests, [.. _loaded.Select(package => $"{package.Key} {package.Value}")]));
        }

        Take(result.Packages, requests, display);
        CleanUp();
    }

    // Once, beside the cell: whoever fetches packages has the disk busy anyway.
    private void CleanUp()
    {
        if (_cleaned)
            return;
        _cleaned = true;
        var restore = _restore.Value;
        new Thread(() => restore.CleanUp(DateTime.UtcNow - s_unused)) { Name = "Old packages", IsBackground = true, Priority = ThreadPriority.Lowest }.Start();
    }

    /// <summary>Whether a package is not here yet.</summary>
    /// <exception cref="DirectiveException">It is here in another version.</exception>
    private bool IsNew(PackageRequest request)
    {
        if (!_loaded.TryGetValue(request.Id, out var version))
            return true;

        if (request.Accepts(version))
            return false;
        throw new DirectiveException(request.Directive, $"{request.Id} {version} is loaded already, and the session cannot change it to {request.Version}: restart the kernel and ask for {request.Version} first, or take {version}.");
    }

    private void Take(IReadOnlyList<RestoredPackage> packages, PackageRequest[] requests, RestoreDisplay display)
    {
        foreach (var package in packages.Where(package => !_loaded.ContainsKey(package.Id)))
        {
            foreach (var path in package.Loaded)
                CheckVersion(package, path, requests, display);
        }

        foreach (var package in packages.Where(package => _loaded.TryAdd(package.Id, package.Version)))
        {
            references.AddPackageAssemblies(package.Compiled, package.Loaded);
            if (package.Native.Count > 0)
                _native.Value.Add(package.Native);
        }

        display.End(null, packages);
    }

    // A session has one version of an assembly: an older one that is here already would fail at its first use.
    private void CheckVersion(RestoredPackage package, string path, PackageRequest[] requests, RestoreDisplay display)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        if (references.FindVersion(name) is not { } present || AssemblyName.GetAssemblyName(path).Version is not { } wanted || wanted <= present)
            return;
        display.End("not loaded");
        var request = requests.FirstOrDefault(request => request.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase)) ?? requests[0];
        throw new DirectiveException(request.Directive, string.Create(CultureInfo.InvariantCulture,
            $"The package {package.Id} {package.Version} has {name} {wanted}, and the session has {name} {present} already, which it cannot change: take an older version of {request.Id}."));
    }

    /// <summary>One line below the cell that says how far the fetching is.</summary>
    private sealed class RestoreDisplay(OutputSink sink, PackageRequest[] requests)
    {
        private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

        private readonly string _id = Guid.NewGuid().ToString("N");
        private readonly System.Diagnostics.Stopwatch _clock = System.Diagnostics.Stopwatch.StartNew();
        private TimeSpan _drawn = TimeSpan.MinValue;
        private bool _isShown;

        public void Tick()
        {
            if (_isShown && _clock.Elapsed - _drawn < s_pause)
                return;
            _drawn = _clock.Elapsed;
            Show(string.Create(CultureInfo.InvariantCulture, $"Fetching {string.Join(", ", requests.Select(request => request.Id))} ... {(int)_clock.Elapsed.TotalSeconds} s"));
        }

        public void End(string? problem, IReadOnlyList<RestoredPackage>? packages = null) => Show(problem is null
            ? "Loaded " + string.Join(", ", requests.Select(request => packages?.FirstOrDefault(package => package.Id.Equals(request.Id, StringComparison.OrdinalIgnoreCase)) is { } package ? $"{package.Id} {package.Version}" : request.Id))
            : $"{string.Join(", ", requests.Select(request => request.Id))}: {problem}");

        private void Show(string text)
        {
            var bundle = MimeBundle.OfForms(("text/html", $"<small>{WebUtility.HtmlEncode(text)}</small>"), ("text/plain", text));
            sink.Add(Nbformat.Display(_isShown ? Nbformat.UpdateDisplayData : Nbformat.DisplayData, _id, bundle.Data), bundle.Length);
            _isShown = true;
        }
    }
}
