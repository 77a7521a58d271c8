namespace NextItem.Hosting.Models;

/// <summary>The use of a model by one request: it stays until this is disposed, whatever replaces it meanwhile.</summary>
internal readonly struct ModelLease(ServedModel model) : IDisposable
{
    public ServedModel Model => model;

    public void Dispose() => model.Release();
}
