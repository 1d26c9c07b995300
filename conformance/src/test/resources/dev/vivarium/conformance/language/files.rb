require "fileutils"
require "tmpdir"
require "zlib"

def check(claim)
  raise "not so" unless claim
end

def fails(error)
  yield
rescue error
  nil
else
  raise "no #{error}"
end

Dir.mkdir "/kept"
Dir.chdir "/kept"
File.open("file", "wb") do |f|
  check f.write("0123456789") == 10
  f.seek 3
  f.write "x"
end
check File.binread("file") == "012x456789"
File.open("file", "r+b") { |f| f.pwrite "3", 3 }

# Names
File.link "file", "hard"
check File.stat("file").nlink == 2
check File.identical?("file", "hard")
File.symlink "file", "soft"
check File.readlink("soft") == "file"
check File.lstat("soft").symlink?
check File.stat("soft").ino == File.stat("file").ino
check Dir.children(".").sort == %w[file hard soft]
check Dir.glob("/kept/*").size == 3
File.rename "hard", "renamed"
File.delete "file", "soft"
File.symlink "/kept/renamed", "link"
check File.realpath("link") == "/kept/renamed"

# Content
File.truncate "renamed", 4
check File.size("renamed") == 4
File.open("renamed", "ab") { |f| check f.size == 4 }
File.utime 1, Time.at(2, 500_000_000, :nanosecond), "renamed"
check File.mtime("renamed").nsec == 500_000_000
check File.file?("renamed") && !File.directory?("renamed")

# Open and gone
File.open("gone", "w+") do |f|
  File.delete "gone"
  f.write "still here"
  f.rewind
  check f.read == "still here"
end

# Directories
FileUtils.mkdir_p "a/b/c"
FileUtils.touch "a/b/c/d"
fails(SystemCallError) { Dir.rmdir "a/b/c" }
fails(Errno::EEXIST) { Dir.mkdir "a" }
fails(Errno::EEXIST) { File.open("a/b/c/d", File::CREAT | File::EXCL | File::WRONLY) }
fails(Errno::ENOENT) { File.open("absent") }
fails(Errno::EISDIR) { File.open("a", "w") }
fails(Errno::ENOTDIR) { Dir.children("renamed") }
FileUtils.cp_r "a", "copy"
FileUtils.mv "copy/b", "b"
FileUtils.rm_rf %w[a b copy]
check Dir.children("/kept").sort == %w[link renamed]

# Many entries, removed while they are read
Dir.mkdir "many"
1000.times { |i| File.write("many/#{i}", "") }
seen = 0
Dir.each_child("many") { |name| File.delete("many/#{name}") && seen += 1 }
check seen == 1000
Dir.rmdir "many"

# Libraries and devices
Dir.mktmpdir do |directory|
  check directory.start_with?("/tmp/")
  Zlib::GzipWriter.open("#{directory}/z") { |z| z.write "compressed" * 100 }
  check Zlib::GzipReader.open("#{directory}/z", &:read) == "compressed" * 100
end
check Dir.empty?("/tmp")
check File.read("/dev/null").empty?
check File.read("/dev/zero", 4) == "\0" * 4
check File.read("/dev/urandom", 16).bytesize == 16
fails(Errno::ENOSPC) { File.open("/dev/full", "w") { |f| f.syswrite "x" } }
check File.readlines("/etc/passwd").first.start_with?("root:")

puts "done"
