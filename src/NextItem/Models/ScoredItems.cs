using NextItem.Kernels;

namespace NextItem.Models;

/// <summary>
/// The rows that a model scores items by, their index, and who still reads them: the model, and every open set of lanes. The memory is
/// freed when the last of them is done.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="owner">What messages call the disposed object.</param>
/// <param name="free">Frees the memory of the rows and of what else the model has.</param>
internal sealed class ScoredItems(ItemRows rows, object owner, Action free) : IDisposable
{
    private readonly Lock _gate = new();
    private ItemIndex? _index;
    private int _users = 1; // the model itself
    private bool _disposed;

    /// <summary>The rows.</summary>
    /// <exception cref="ObjectDisposedException">Nobody holds them any more.</exception>
    public ItemRows Rows
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _users) == 0, owner);
            return rows;
        }
    }

    /// <summary>The index, when it has been built.</summary>
    public ItemIndex? Index => Volatile.Read(ref _index);

    /// <summary>Bytes of the index; 0 where there is none.</summary>
    public long IndexBytes => Index?.Bytes ?? 0;

    /// <summary>Builds the index, unless there are fewer items or it does not fit them.</summary>
    /// <returns>True when there is an index now.</returns>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public bool BuildIndex(int leastItems)
    {
        if (Index is not null)
            return true;
        if (rows.Count < leastItems || !ItemIndex.Fits(rows.Length))
            return false;
        lock (_gate)
        {
            ThrowIfDisposed();
            if (_index is null)
                Volatile.Write(ref _index, new ItemIndex(rows) { ServesTogether = rows.Count / ItemIndex.TogetherFactor >= leastItems });
            return true;
        }
    }

    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), owner);

    /// <summary>Does something with the memory while nobody can free it.</summary>
    /// <exception cref="ObjectDisposedException">Nobody holds it any more.</exception>
    public T Use<T>(Func<T> action)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_users == 0, owner);
            return action();
        }
    }

    /// <summary>Lanes are opened: the memory stays until they call <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Retain()
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            _users++;
        }
    }

    /// <summary>The counterpart of <see cref="Retain"/>.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_users > 0)
                return;
        }

        _index?.Dispose();
        free();
    }

    /// <summary>The model is disposed: lanes that are open keep the memory, new ones cannot be opened.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        Release();
    }
}
