# Does around a program what the ruby executable does. The reactor has an interpreter and no main
# function: it can evaluate, and that is all. RubyReactor makes an object of this class, calls start,
# and then finish with whatever start raised.
#
# Messages, the order in which exit handlers and messages come, and statuses are those of ruby.
Class.new do
  # The interpreter may have been started for another program than this one: all that is the
  # program's own comes in a Hash.
  def initialize(program)
    @environment, @directories, @includes, @features, @name, @arguments, @code =
      program.values_at(:environment, :directories, :includes, :features, :name, :arguments, :code)
    @handlers = []
    @finalizers = {}
  end

  # Runs the program. Raises what it raises, or SystemExit if it cannot be started.
  def start
    ENV.replace @environment
    take_over_at_exit @handlers
    take_over_finalizers @finalizers
    @directories.each { |path| enter path }
    $LOAD_PATH.unshift(*@includes.map { |path| File.expand_path(path) })
    $0 = @name
    ARGV.replace @arguments.map(&:dup)
    script = open_script unless @code || @name == "-"
    @features.each { |feature| require feature }
    if script
      run_file script
    else
      run_text @code || read_program($stdin)
    end
  end

  # Ends the program: exit handlers, the message of an uncaught exception, finalizers, buffers.
  # Returns the exit status in decimal.
  def finish(error)
    last = run_handlers(error)
    report error
    run_finalizers
    flush
    status(last || error).to_s
  end

  private

  def enter(path)
    Dir.chdir path
  rescue SystemCallError
    refuse "Can't chdir to #{path} (fatal)"
  end

  def open_script
    refuse "Is a directory -- #{@name} (LoadError)" if File.directory?(@name)
    File.open @name, "rb"
  rescue SystemCallError => e
    refuse "#{e.class.new.message} -- #{@name} (LoadError)"
  end

  def refuse(message)
    $stderr.write "ruby: #{message}\n"
    exit 1
  end

  def run_file(script)
    source = script.read
    if (position = data_position(source))
      script.set_encoding Encoding.default_external
      script.seek position
      Object.const_set :DATA, script
    else
      script.close
    end
    if (rewritten = without_end_blocks(source))
      TOPLEVEL_BINDING.eval rewritten, @name, 1
    else
      # Of all ways to compile, this alone calls the frame <main> and knows the absolute path.
      RubyVM::InstructionSequence.compile_file_prism(@name).eval
    end
  end

  def run_text(source)
    TOPLEVEL_BINDING.eval without_end_blocks(source) || source, @name, 1
  end

  # Reads as far as the line __END__; what follows it is DATA.
  def read_program(input)
    source = +""
    while (line = input.gets("\n"))
      if line.chomp == "__END__"
        Object.const_set :DATA, input
        break
      end
      source << line
    end
    source
  end

  # Where DATA begins, or nil. A line __END__ in a here-document ends nothing: what precedes such a
  # line is no complete program.
  def data_position(source)
    start = 0
    while (match = /^__END__(?:\r?\n|\z)/n.match(source.b, start))
      return match.end(0) if syntax_tree(match.pre_match)

      start = match.end(0)
    end
  end

  # END blocks register with the interpreter itself, and it never ends; only at_exit can be taken
  # over. So END becomes at_exit, in place: lines stay as they are. Returns nil if there is no block.
  def without_end_blocks(source)
    return unless /\bEND\s*\{/n.match?(source.b)

    blocks = []
    pending = [syntax_tree(source)]
    while (node = pending.pop)
      blocks << [node.first_lineno - 1, node.first_column] if node.type == :POSTEXE
      pending.concat node.children.grep(RubyVM::AbstractSyntaxTree::Node)
    end
    return if blocks.empty?

    lines = source.b.lines
    blocks.sort.reverse_each { |line, column| lines[line][column, 3] = "at_exit" }
    lines.join.force_encoding source.encoding
  end

  def syntax_tree(source)
    silently { RubyVM::AbstractSyntaxTree.parse source.dup.force_encoding(Encoding::UTF_8) }
  rescue SyntaxError
    nil
  end

  # The last in first; a handler may register more. Each sees the error before it as $!. Returns the
  # last error that a handler raised, which then decides the status.
  def run_handlers(error)
    last = nil
    trapped = trap("EXIT", "DEFAULT")
    @handlers << -> { trapped.call 0 } if trapped.respond_to?(:call)
    while (handler = @handlers.pop)
      begin
        with_error(last || error, handler)
      rescue Exception => e
        report e
        last = e
      end
    end
    last
  end

  def with_error(error, handler)
    return handler.call unless error

    begin
      raise error
    rescue Exception
      handler.call
    end
  end

  def report(error)
    return if error.nil? || error.is_a?(SystemExit) || error.instance_of?(SignalException)

    conceal_driver error
    message = describe(error)
    $stderr.write message.end_with?("\n") ? message : "#{message}\n"
  rescue Exception
    nil # nobody is left to hear it
  end

  def describe(error)
    if error.backtrace.nil? || error.backtrace.empty?
      "#{$0}: #{error.detailed_message(highlight: $stderr.tty?)}"
    else
      error.full_message(highlight: $stderr.tty?, order: :top)
    end
  rescue Exception # a message of the program's own making
    "#{error.backtrace&.first || $0}: unprintable error (#{error.class})"
  end

  # Cuts the frames of this file, which are the outermost, from an error and from its causes.
  def conceal_driver(error)
    while error
      frames = error.backtrace_locations
      outermost = frames&.index { |frame| frame.path == __FILE__ }
      cut error, outermost if outermost
      error = error.cause
    end
  end

  def cut(error, length)
    error.set_backtrace error.backtrace_locations.take(length)
  rescue TypeError # before 3.4, which is the first to keep locations
    error.set_backtrace error.backtrace.take(length)
  end

  def status(error)
    case error
    when nil then 0
    when SystemExit then error.status & 0xff
    when SignalException then 128 + error.signo
    else 1
    end
  end

  def run_finalizers
    until @finalizers.empty?
      id, finalizers = @finalizers.shift
      finalizers.each do |finalizer|
        finalizer.call id
      rescue Exception
        nil # as in ruby: an error of a finalizer is dropped
      end
    end
  end

  def flush
    ObjectSpace.each_object(IO) do |io|
      io.flush unless io.closed?
    rescue IOError, SystemCallError
      nil # not open for writing, or nowhere to write to
    end
  end

  def take_over_at_exit(handlers)
    silently do
      Kernel.module_eval do
        define_method(:at_exit) do |&block|
          raise ArgumentError, "called without block" unless block

          handlers << block
          block
        end
        module_function :at_exit
      end
    end
  end

  # The interpreter would run the finalizers of what is still alive at its end.
  def take_over_finalizers(finalizers)
    ObjectSpace.singleton_class.prepend(
      Module.new do
        define_method(:define_finalizer) do |object, callable = nil, &block|
          callable ||= block
          result = super(object, callable)
          pending = finalizers[object.__id__]
          unless pending
            super(object, finalizers.method(:delete).to_proc)
            pending = finalizers[object.__id__] = []
          end
          pending << callable
          result
        end

        define_method(:undefine_finalizer) do |object|
          finalizers.delete object.__id__
          super(object)
        end
      end
    )
  end

  def silently
    verbose = $VERBOSE
    $VERBOSE = nil
    yield
  ensure
    $VERBOSE = verbose
  end
end
