namespace NextItem.Hosting.Models;

/// <summary>The model that serves now, which another may replace at any time.</summary>
internal sealed class ModelHolder(ServedModel first) : IDisposable
{
    private ServedModel _current = first;
    private volatile RefusedFile? _refused;

    /// <summary>The file that is looked at for another model.</summary>
    public string Path { get; } = first.Path;

    /// <summary>Whose sessions the model has.</summary>
    public string Variant { get; } = first.Variant;

    /// <summary>The file that the first model was loaded from, as it was then.</summary>
    public FileStamp? FirstStamp { get; } = first.Stamp;

    /// <summary>The file that was refused last, if none was accepted since.</summary>
    public RefusedFile? Refused
    {
        get => _refused;
        set => _refused = value;
    }

    /// <summary>The model that serves now, for one request.</summary>
    public ModelLease Lease()
    {
        while (true)
        {
            var model = Volatile.Read(ref _current);
            if (model.TryUse())
                return new ModelLease(model);
        }
    }

    /// <summary>Puts another model in its place; requests that are under way finish with the old one.</summary>
    public void Replace(ServedModel model)
    {
        _refused = null;
        Interlocked.Exchange(ref _current, model).Release();
    }

    /// <summary>Frees the model after the last request; nobody may lease any more.</summary>
    public void Dispose() => _current.Release();
}
