using System.IO.MemoryMappedFiles;

namespace NextItem.ModelFiles;

/// <summary>A file's bytes in memory, read from the disk as they are touched and dropped again when memory is short. Unmapped by <see cref="Dispose"/> or the finalizer.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _start;

    /// <summary>Maps a whole file, for reading. The stream may be closed afterwards.</summary>
    /// <exception cref="IOException">It cannot be mapped.</exception>
    public MappedFile(FileStream stream)
    {
        _file = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        try
        {
            _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* start = null;
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            _start = start + _view.PointerOffset;
        }
        catch
        {
            _view?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps a file that nobody disposed of: the view counts its pointer and would stay.</summary>
    ~MappedFile() => ReleasePointer();

    /// <summary>The byte at an offset of the file.</summary>
    public byte* At(long offset) => _start + offset;

    /// <inheritdoc/>
    public void Dispose()
    {
        ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private void ReleasePointer()
    {
        if (_start == null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
    }
}
